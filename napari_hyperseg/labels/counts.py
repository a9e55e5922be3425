"""How many voxels carry which code, on every trace and on every time slice, kept up to date.

Owns the figures: one reading of the labels, then one update for each edit, exact and in the
time that its box takes.  Knows no legend and no window; which lines a list shows is the rule of
`painted_lines`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.facies import FaciesLabels, Shape

Codes = NDArray[np.uint8]


class Edit(NamedTuple):
    """A box of labels that changed.

    Parameters
    ----------
    start : (int, int, int)
        Inline, crossline and sample at which the box begins.
    before, after : ndarray of uint8, shape of the box
        The codes in it.
    begun_s : float
        When it was begun, by `time.monotonic`: what was counted later may hold it already.
    """

    start: tuple[int, int, int]
    before: Codes
    after: Codes
    begun_s: float


class LabelCounts:
    """Voxels of each code; `scan` counts those of a survey.

    Parameters
    ----------
    shape : (int, int, int)
        Of the survey, which carries no labels yet.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._traces: dict[int, NDArray[np.integer]] = {}
        self._slices: dict[int, NDArray[np.int64]] = {}

    @classmethod
    def scan(cls, labels: FaciesLabels) -> LabelCounts:
        """Count the labels of a survey; inlines in the file's holes are not read."""
        counts = cls(labels.shape)
        for i in labels.written_inlines():
            counts._add_inline(i, labels.codes[i])
        return counts

    @property
    def codes(self) -> list[int]:
        """Codes that occur."""
        return sorted(code for code, slices in self._slices.items() if slices.any())

    @property
    def holding(self) -> NDArray[np.bool_]:
        """Which traces hold any label, shape (n_inlines, n_crosslines)."""
        return self.per_trace() > 0

    def totals(self) -> dict[int, int]:
        """Return the number of voxels of each code that occurs."""
        return {code: int(self._slices[code].sum()) for code in self.codes}

    def per_trace(self) -> NDArray[np.uint32]:
        """Return the number of labelled samples of each trace, shape (n_inlines, n_crosslines)."""
        total = np.zeros(self.shape[:2], np.uint32)
        for grid in self._traces.values():
            total += grid
        return total

    def on_lines(self, axis: int, indices: NDArray[np.intp]) -> dict[int, NDArray[np.int64]]:
        """Return the voxels of each code on some lines, shape (n_lines,) each.

        Parameters
        ----------
        axis : int
            0: inlines, 1: crosslines, 2: time slices.
        indices : ndarray of int, shape (n_lines,)
        """
        if axis == 2:
            return {code: self._slices[code][indices] for code in self.codes}
        grids = ((code, np.take(self._traces[code], indices, axis)) for code in self.codes)
        return {code: grid.sum(axis=1 - axis, dtype=np.int64) for code, grid in grids}

    def update(self, start: tuple[int, int, int], before: Codes, after: Codes) -> None:
        """Take in an edit.

        Parameters
        ----------
        start : (int, int, int)
            Inline, crossline and sample at which the changed box begins.
        before, after : ndarray of uint8, shape of the box
            The codes in it.

        Raises
        ------
        LabelError
            If the box is not in the survey, or `before` is not what was counted.
        """
        box = self._box(start, before, after)
        changed = before != after
        for code in _occurring(before, changed) | _occurring(after, changed):
            gained = ((after == code) & changed).view(np.int8)
            gained -= ((before == code) & changed).view(np.int8)
            traces, slices = self._of(code)
            _add(traces[box[:2]], gained.sum(axis=2, dtype=np.int64))
            _add(slices[box[2]], gained.sum(axis=(0, 1), dtype=np.int64))

    def _add_inline(self, i: int, section: Codes) -> None:
        holding = np.flatnonzero(section.any(axis=1))
        labelled = np.asarray(section)[holding]
        left = np.count_nonzero(labelled)
        # Comparing is a tenth of a histogram's work, and codes are few.
        for code in dict.fromkeys((*self._traces, *range(1, 256))):
            if not left:
                break
            hits = (labelled == code).view(np.uint8)
            found = np.count_nonzero(hits)
            if found:
                left -= found
                self._add_hits(code, i, holding, hits)

    def _add_hits(self, code: int, i: int, holding: NDArray[np.intp], hits: Codes) -> None:
        traces, slices = self._of(code)
        traces[i, holding] = hits.sum(axis=1, dtype=traces.dtype)
        slices += hits.sum(axis=0, dtype=np.min_scalar_type(len(hits)))

    def _of(self, code: int) -> tuple[NDArray[np.integer], NDArray[np.int64]]:
        """Return the figures of a code; zeros take no memory until they are written to."""
        if code not in self._traces:
            n_samples = self.shape[2]
            self._traces[code] = np.zeros(self.shape[:2], np.min_scalar_type(n_samples))
            self._slices[code] = np.zeros(n_samples, np.int64)
        return self._traces[code], self._slices[code]

    def _box(self, start: tuple[int, int, int], before: Codes, after: Codes) -> tuple[slice, ...]:
        stop = np.add(start, before.shape)
        if before.shape != after.shape or min(start) < 0 or (stop > self.shape).any():
            raise LabelError(
                f"An edit of {before.shape} to {after.shape} voxels at {start} does not lie in "
                f"labels of {self.shape}. Count them again."
            )
        return tuple(slice(int(a), int(b)) for a, b in zip(start, stop, strict=True))


def _occurring(codes: Codes, where: NDArray[np.bool_]) -> set[int]:
    """Return the codes other than 0 in some voxels."""
    return {int(code) for code in np.flatnonzero(np.bincount(codes[where])) if code}


def _add(counted: NDArray[np.integer], gained: NDArray[np.int64]) -> None:
    total = counted + gained
    if (total < 0).any():
        raise LabelError("An edit took away labels that were not there. Count them again.")
    counted[...] = total
