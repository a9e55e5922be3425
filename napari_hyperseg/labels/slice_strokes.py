"""Which labels were painted on time slices, told from their shape.

A stroke on a time slice is one sample thin and spreads along inlines and crosslines; strokes on
vertical sections are higher than one sample, or lie on one line alone.  So a voxel is *thin*
when it is labelled and the voxels above and below are not; a slice was painted on when it has a
thin voxel around which, of the eight on that slice, others are labelled towards other inlines and
towards other crosslines; and all thin voxels of such a slice were painted on it.

Owns that rule and remembers what it found, inline by inline: only those that were edited, and
their neighbours, are read again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class SliceStrokes:
    """The thin voxels of a survey's labels.

    Parameters
    ----------
    codes : ndarray or memmap of uint8, shape (n_inlines, n_crosslines, n_samples)
        The labels; read as they are when `refresh` is called.
    """

    def __init__(self, codes: NDArray[np.uint8]) -> None:
        self._codes = codes
        # By inline: crossline and sample of its thin voxels, and which are spread.
        self._thin: dict[int, NDArray[np.intp]] = {}
        self._spread: dict[int, Mask] = {}
        self._stale: set[int] = set()

    @property
    def slices(self) -> Mask:
        """Which time slices were painted on, shape (n_samples,)."""
        painted = np.zeros(self._codes.shape[2], bool)
        for i, voxels in self._thin.items():
            painted[voxels[self._spread[i], 1]] = True
        return painted

    def per_trace(self) -> NDArray[np.int32]:
        """Return how many samples of each trace were painted on slices."""
        count, painted = np.zeros(self._codes.shape[:2], np.int32), self.slices
        for i, voxels in self._thin.items():
            np.add.at(count[i], voxels[painted[voxels[:, 1]], 0], 1)
        return count

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
            self._thin.pop(i, None)
            found = np.flatnonzero(holding[i])
            if _thin(self._codes[i, found] != 0).any():
                self._look(i, max(int(found[0]) - 1, 0), int(found[-1]) + 2)
        self._stale.clear()

    def _look(self, i: int, first: int, last: int) -> None:
        """Look at thin voxels of an inline between two crosslines, and at those around them."""
        here = self._codes[i, first:last] != 0
        beside = np.zeros_like(here)
        for other in (i - 1, i + 1):
            if 0 <= other < len(self._codes):
                beside |= self._codes[other, first:last] != 0
        thin = _thin(here)
        self._spread[i] = _spread(here, beside)[thin]
        crosslines, samples = np.nonzero(thin)
        self._thin[i] = np.stack([crosslines + first, samples], axis=1)


def _thin(labelled: Mask) -> Mask:
    """Labelled where the voxels above and below are not; shape (n_traces, n_samples)."""
    thin = labelled.copy()
    thin[:, 1:] &= ~labelled[:, :-1]
    thin[:, :-1] &= ~labelled[:, 1:]
    return thin


def _spread(here: Mask, beside: Mask) -> Mask:
    """Where labels are found towards other crosslines, and towards other inlines.

    Parameters
    ----------
    here, beside : ndarray of bool, shape (n_traces, n_samples)
        Labels of a part of an inline, and of either of its two neighbours.
    """
    left, right = _shifted(here | beside)
    diagonals = _shifted(beside)
    return (left | right) & (beside | diagonals[0] | diagonals[1])


def _shifted(mask: Mask) -> tuple[Mask, Mask]:
    """Return what lies one trace to the left and to the right."""
    left, right = np.zeros_like(mask), np.zeros_like(mask)
    left[1:], right[:-1] = mask[:-1], mask[1:]
    return left, right
