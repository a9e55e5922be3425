"""What lies where a zarr is to be written: only an earlier export is replaced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from napari_hyperseg.errors import ExportError
from napari_hyperseg.survey.export.description import read_description

MOST_METADATA = 16 << 20  # bytes


def check_replaceable(path: Path) -> None:
    """Make sure that nothing but an earlier export is replaced, and that there is a folder.

    Raises
    ------
    ExportError
        If there is something else, such as a project's own arrays.
    """
    if not path.parent.is_dir():
        raise ExportError(f"{path} cannot be written: {path.parent} is no folder. Make it first.")
    if path.exists() and read_description(attributes_of(path)) is None:
        raise ExportError(
            f"{path} exists and is no exported volume. Choose another name, or remove it."
        )


def attributes_of(folder: Path) -> dict[str, Any]:
    """The attributes of a zarr node of format 3; empty if there are none to be read."""
    metadata = read_metadata(folder / "zarr.json")
    attributes = metadata.get("attributes")
    return attributes if isinstance(attributes, dict) else {}


def read_metadata(path: Path) -> dict[str, Any]:
    """A JSON object from a small file; empty if it is none."""
    try:
        if path.stat().st_size > MOST_METADATA:
            return {}
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
