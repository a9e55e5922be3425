"""The prediction store: facies, confidence and, if wanted, on which side of each boundary.

Filled box by box: a zarr group that the worker writes and everyone else reads while it is
being written; a chunk is replaced as a whole, so a reader never sees a torn one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

from napari_hyperseg.learn.below import STEPS
from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.data import slices
from napari_hyperseg.survey.geometry import Box

CHUNK = 64
BELOW = "below"
_NAMES = ("facies", "confidence")


class PredictionStore:
    """Facies codes (0 = not predicted yet) and confidence in percent.

    Parameters
    ----------
    group : zarr.Group
        With arrays ``facies`` and ``confidence`` of the survey's shape, and ``below`` of that
        for each boundary if it is to be filled.
    """

    def __init__(self, group: zarr.Group) -> None:
        names = (*_NAMES, BELOW) if BELOW in group else _NAMES
        self._arrays = tuple(_array(group, name) for name in names)

    @classmethod
    def open_or_create(
        cls, path: Path, shape: Shape, n_classes: int, *, below: bool = False
    ) -> PredictionStore:
        """Open the store at `path`; a new, empty one where there is none that fits.

        Parameters
        ----------
        path : Path
        shape : tuple of int
            Of the survey.
        n_classes : int
        below : bool
            Whether the sides of the boundaries are filled, too.  What is there of them belongs
            to another state of the model, and goes.
        """
        group = _open(path, shape, n_classes)
        group = group if group is not None else _create(path, shape, n_classes)
        if BELOW in group:
            del group[BELOW]
        if below:
            _create_below(group, shape, n_classes)
        return cls(group)

    @property
    def below(self) -> bool:
        """Whether the sides of the boundaries are filled."""
        return len(self._arrays) > len(_NAMES)

    def write(self, box: Box, *values: NDArray[np.uint8]) -> None:
        """Fill a box with codes, confidence and, if they are filled, the sides of boundaries."""
        for array, block in zip(self._arrays, values, strict=True):
            array[(..., *slices(box))] = block

    def finish(self) -> None:
        """Say that every box was filled since the store was opened."""
        if self.below:
            self._arrays[-1].attrs["complete"] = True


def _open(path: Path, shape: Shape, n_classes: int) -> zarr.Group | None:
    """Open what is there; None if it is damaged or of another survey or legend."""
    try:
        group = zarr.open_group(path, mode="r+", zarr_format=3)
        arrays = [_array(group, name) for name in _NAMES]
    except (OSError, LookupError, TypeError, ValueError):
        return None
    fits = all(array.shape == shape and array.dtype == np.uint8 for array in arrays)
    return group if fits and group.attrs.get("n_classes") == n_classes else None


def _create(path: Path, shape: Shape, n_classes: int) -> zarr.Group:
    group = zarr.open_group(path, mode="w", zarr_format=3)
    chunks = tuple(min(CHUNK, extent) for extent in shape)
    for name in _NAMES:
        group.create_array(
            name, shape=shape, chunks=chunks, dtype="uint8", compressors=None, fill_value=0
        )
    group.attrs["n_classes"] = n_classes
    return group


def _create_below(group: zarr.Group, shape: Shape, n_classes: int) -> None:
    """Compressed, unlike the others: nearly all of it is 0 or all of the steps."""
    group.create_array(
        BELOW,
        shape=(n_classes - 1, *shape),
        chunks=(1, *(min(CHUNK, extent) for extent in shape)),
        dtype="uint8",
        fill_value=0,
        attributes={"steps": STEPS, "complete": False},
    )


def _array(group: zarr.Group, name: str) -> zarr.Array:
    array = group[name]
    if not isinstance(array, zarr.Array):
        raise TypeError(f"{name} is no array")
    return array
