"""The classes of a model that came from another project, kept beside it."""

from __future__ import annotations

import json
from pathlib import Path

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.survey.replacing import replacing


def write_legend(path: Path, legend: Legend) -> None:
    """Write a legend, replaced as a whole.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with replacing(path) as beside:
        content = json.dumps({"classes": legend.to_json()}, indent=1)
        beside.write_text(content + "\n", encoding="utf-8")


def read_legend(path: Path) -> Legend | None:
    """Return a legend; None where there is none, or it cannot be read."""
    try:
        return Legend.from_json(json.loads(path.read_text("utf-8"))["classes"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError, LabelError):
        return None
