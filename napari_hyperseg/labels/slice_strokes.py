"""Which labels were painted on time slices, told from their shape.

A stroke on a time slice is one sample thin and spreads along inlines and crosslines; strokes on
vertical sections are higher than one sample, or lie on one line alone.  So a voxel is of a
slice when it is labelled, the voxels above and below are not, and on its slice the eight around
it are labelled towards other inlines and towards other crosslines.

Owns that rule and remembers what it found, inline by inline: only those that were edited, and
their neighbours, are read again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class SliceStrokes:
    """Voxels of slices, counted by trace and by slice.

    Parameters
    ----------
    codes : ndarray or memmap of uint8, shape (n_inlines, n_crosslines, n_samples)
        The labels; read as they are when `refresh` is called.
    """

    def __init__(self, codes: NDArray[np.uint8]) -> None:
        self._codes = codes
        n_inlines, n_crosslines, n_samples = codes.shape
        self.per_trace = np.zeros((n_inlines, n_crosslines), np.min_scalar_type(n_samples))
        self._per_slice = np.zeros((n_inlines, n_samples), np.min_scalar_type(n_crosslines))
        self._stale: set[int] = set()

    @property
    def per_slice(self) -> NDArray[np.int64]:
        """Voxels of each slice that were painted on it, shape (n_samples,)."""
        return self._per_slice.sum(axis=0, dtype=np.int64)

    def edited(self, first: int, last: int) -> None:
        """Take note that inlines from `first` to `last` were edited."""
        self._stale |= set(range(max(first - 1, 0), min(last + 2, len(self._codes))))

    def refresh(self, holding: Mask) -> None:
        """Look again at what was edited.

        Parameters
        ----------
        holding : ndarray of bool, shape (n_inlines, n_crosslines)
            Traces that hold labels; the others are not read.
        """
        for i in sorted(self._stale):
            self._look(i, holding[i])
        self._stale.clear()

    def _look(self, i: int, holding: Mask) -> None:
        self.per_trace[i], self._per_slice[i] = 0, 0
        found = np.flatnonzero(holding)
        if not len(found):
            return
        first, last = max(int(found[0]) - 1, 0), int(found[-1]) + 2
        of_slices = painted_on_slices(self._codes, i, slice(first, last))
        if of_slices is not None:
            self.per_trace[i, first:last] = np.count_nonzero(of_slices, axis=1)
            self._per_slice[i] = np.count_nonzero(of_slices, axis=0)


def painted_on_slices(codes: NDArray[np.uint8], i: int, crosslines: slice) -> Mask | None:
    """Return which voxels of a part of an inline are of slices, or None if none is.

    Parameters
    ----------
    codes : ndarray of uint8, shape (n_inlines, n_crosslines, n_samples)
    i : int
        The inline.
    crosslines : slice
        The part, shape (n_traces, n_samples), with a trace to spare on both sides.
    """
    here = codes[i, crosslines] != 0
    thin = _thin(here)
    if not thin.any():
        return None
    beside = np.zeros_like(here)
    for other in (i - 1, i + 1):
        if 0 <= other < len(codes):
            beside |= codes[other, crosslines] != 0
    left, right = _shifted(here | beside)
    around = _shifted(beside)
    return thin & (left | right) & (beside | around[0] | around[1])


def _thin(labelled: Mask) -> Mask:
    """Labelled where the voxels above and below are not."""
    thin = labelled.copy()
    thin[:, 1:] &= ~labelled[:, :-1]
    thin[:, :-1] &= ~labelled[:, 1:]
    return thin


def _shifted(mask: Mask) -> tuple[Mask, Mask]:
    """Return what lies one trace to the left and to the right."""
    left, right = np.zeros_like(mask), np.zeros_like(mask)
    left[1:], right[:-1] = mask[:-1], mask[1:]
    return left, right
