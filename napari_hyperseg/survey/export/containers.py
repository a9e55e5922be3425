"""Which container a volume is written in: the name of what is to be written says it."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from napari_hyperseg.errors import ExportError


class Container(Enum):
    """SEG-Y, a plain zarr array, or OME-Zarr."""

    SEGY = (".sgy", ".segy")
    OME_ZARR = (".ome.zarr",)
    ZARR = (".zarr",)


def container_of(path: Path) -> Container:
    """Return the container that a name asks for.

    Raises
    ------
    ExportError
        If it asks for none.
    """
    container = find_container(path)
    if container is None:
        raise ExportError(
            f"{path.name} does not say how to write a volume. "
            "Give a name that ends in .sgy, .segy, .zarr or .ome.zarr."
        )
    return container


def find_container(path: Path) -> Container | None:
    """Return the container that a name asks for; None if it asks for none."""
    name = path.name.lower()
    return next((one for one in Container if name.endswith(one.value)), None)


def with_name(path: Path, name: str) -> Path:
    """Put a name between a path and its suffix: ``out.ome.zarr`` to ``out_name.ome.zarr``."""
    ending = next(end for end in container_of(path).value if path.name.lower().endswith(end))
    stem, suffix = path.name[: -len(ending)], path.name[-len(ending) :]
    return path.with_name(f"{stem}_{name}{suffix}")
