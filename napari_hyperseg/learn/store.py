"""The prediction store: facies and confidence of a survey, filled box by box.

A zarr group that the worker writes and everyone else reads while it is being written; a
chunk is replaced as a whole, so a reader never sees a torn one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.data import slices
from napari_hyperseg.survey.geometry import Box

CHUNK = 64
_NAMES = ("facies", "confidence")


class PredictionStore:
    """Facies codes (0 = not predicted yet) and confidence in percent.

    Parameters
    ----------
    group : zarr.Group
        With arrays ``facies`` and ``confidence`` of the survey's shape.
    """

    def __init__(self, group: zarr.Group) -> None:
        self._arrays = tuple(_array(group, name) for name in _NAMES)

    @classmethod
    def open_or_create(cls, path: Path, shape: Shape, n_classes: int) -> PredictionStore:
        """Open the store at `path`; a new, empty one where there is none that fits."""
        group = _open(path, shape, n_classes)
        return cls(group if group is not None else _create(path, shape, n_classes))

    def write(self, box: Box, codes: NDArray[np.uint8], confidence: NDArray[np.uint8]) -> None:
        """Fill a box; arrays of the box's shape."""
        for array, values in zip(self._arrays, (codes, confidence), strict=True):
            array[slices(box)] = values


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


def _array(group: zarr.Group, name: str) -> zarr.Array:
    array = group[name]
    if not isinstance(array, zarr.Array):
        raise TypeError(f"{name} is no array")
    return array
