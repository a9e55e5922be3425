"""An array in a ``.npy`` file that is edited in memory and written where it changed.

The file is mapped so that writing into the array changes memory only: a full disk then says so
when the change is written to the file, and does not end the process, as it would where pages of
a shared map cannot be kept.  Knows no history.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.editing.patch import Box, Patch
from napari_hyperseg.labels.npy_file import create_sparse, read_header


class EditableArray:
    """One array of labels or picks.

    Parameters
    ----------
    path : Path
        Its file.
    shape : tuple of int
        Which the array must have.
    dtype : {"uint8", "float32"}
        Likewise.
    create : bool
        Make the file where there is none, without taking space; else the array is empty.

    Attributes
    ----------
    values : ndarray
        What is edited; the file follows with `write`.

    Raises
    ------
    LabelError
        If the file cannot be made or read, or holds something else.
    """

    def __init__(
        self, path: Path, shape: tuple[int, ...], dtype: str = "uint8", *, create: bool = True
    ) -> None:
        self.path = path
        self.values: NDArray = np.zeros(shape, dtype)
        if path.exists() or create:
            self._map(shape, dtype)

    def _map(self, shape: tuple[int, ...], dtype: str) -> None:
        if not self.path.exists():
            create_sparse(self.path, shape, dtype)
        path = self.path
        found, self._offset = read_header(path, dtype)
        if found != tuple(shape):
            raise LabelError(f"{path}: the labels have shape {found}, the survey {tuple(shape)}.")
        try:
            self.values = np.memmap(
                path, dtype=dtype, mode="c", offset=self._offset, shape=tuple(shape)
            )
        except OSError as error:
            raise LabelError(f"{path}: cannot be opened: {error.strerror}.") from error

    def fits(self, patch: Patch) -> bool:
        """Whether a patch lies in the array and has its type."""
        same = patch.dtype == self.values.dtype.name and len(patch.box) == self.values.ndim
        inside = zip(patch.box, self.values.shape, strict=False)
        return same and all(start <= stop <= n for (start, stop), n in inside)

    def put(self, patch: Patch) -> None:
        """Set the box of a patch to what it is after it, in memory.

        Raises
        ------
        LabelError
            If the patch does not fit, or is damaged.
        """
        if not self.fits(patch):
            raise LabelError(f"A revision does not fit {self.path.name}; it is left out.")
        self.values[slices(patch.box)] = patch.outcome()

    def write(self, patch: Patch, *, everything: bool = False) -> None:
        """Write to the file what a patch changed.

        Parameters
        ----------
        patch : Patch
            It fits.
        everything : bool
            Write the whole box: nobody knows what the file holds of it.

        Raises
        ------
        OSError
            If the disk does not take it.
        """
        before, after = patch.values()
        changed = np.ones(patch.shape, bool) if everything else _differs(before, after)
        rows, first, stop = _touched(changed.reshape(-1, patch.shape[-1]))
        values = after.reshape(-1, patch.shape[-1])
        lead = np.unravel_index(rows, patch.shape[:-1])
        at = [axis + start for axis, start in zip((*lead, first), patch.start, strict=True)]
        places = np.ravel_multi_index(at, self.values.shape) * self.values.itemsize
        with self.path.open("r+b", buffering=0) as file:
            for row, a, b, place in zip(rows, first, stop, places, strict=True):
                file.seek(self._offset + int(place))
                _write_all(file, values[row, a:b].tobytes())

    def sync(self) -> None:
        """Wait until the disk has what was written."""
        with self.path.open("r+b") as file:
            os.fsync(file.fileno())


def _differs(before: NDArray, after: NDArray) -> NDArray[np.bool_]:
    """Where two arrays differ; NaN is the same as NaN."""
    changed = before != after
    if before.dtype.kind == "f":
        changed &= ~(np.isnan(before) & np.isnan(after))
    return changed


def _touched(changed: NDArray[np.bool_]) -> tuple[NDArray, NDArray, NDArray]:
    """Return the rows with a change, and from where to where each one changed."""
    rows = np.flatnonzero(changed.any(axis=1))
    first = changed[rows].argmax(axis=1)
    stop = changed.shape[1] - changed[rows, ::-1].argmax(axis=1)
    return rows, first, stop


def _write_all(file: Any, content: bytes) -> None:
    """Write every byte: a raw file may take a part of them only."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


def slices(box: Box) -> tuple[slice, ...]:
    """Return a box as an index."""
    return tuple(slice(start, stop) for start, stop in box)
