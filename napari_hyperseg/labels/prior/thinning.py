"""A large survey on some of its lines, and back: surfaces are looked for on so many traces at most.

Labelled lines are kept, as far as there is room; labels beside kept lines count for the trace next
to them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.bounds import Bounds, Grids
from napari_hyperseg.labels.tracking.traces import Volume

MOST_TRACES = 20_000
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Thinning:
    """Which lines of a survey are kept.

    Parameters
    ----------
    shape : tuple of int
        (n_inlines, n_crosslines) of the survey.
    inlines, crosslines : ndarray of int
        Indices of the lines, ascending, the first and the last among them.
    """

    shape: tuple[int, int]
    inlines: Index
    crosslines: Index

    @classmethod
    def of(cls, labelled: NDArray[np.bool_], most: int = MOST_TRACES) -> Thinning:
        """Keep evenly spaced lines and those with the most labels.

        Parameters
        ----------
        labelled : ndarray of bool, shape (n_inlines, n_crosslines)
        most : int
            Traces, about.
        """
        n_inlines, n_crosslines = labelled.shape
        stride = max(1, int(np.ceil(np.sqrt(labelled.size / most))))
        lines = [
            _lines(labelled.sum(axis=1 - axis), extent, stride)
            for axis, extent in enumerate((n_inlines, n_crosslines))
        ]
        return cls((n_inlines, n_crosslines), *lines)

    @property
    def whole(self) -> bool:
        """Whether all lines are kept."""
        return (len(self.inlines), len(self.crosslines)) == self.shape

    def volume(self, volume: Volume) -> Volume:
        """Read the kept traces."""
        if self.whole:
            return volume
        sections = [np.asarray(volume[int(i)])[self.crosslines] for i in self.inlines]
        return np.stack(sections).astype(np.float32)

    def bounds(self, bounds: Bounds) -> Bounds:
        """What is known at the kept traces, or right beside them."""
        if self.whole:
            return bounds
        shape = (len(bounds), len(self.inlines), len(self.crosslines))
        least, most = np.full(shape, -np.inf), np.full(shape, np.inf)
        for number in range(len(bounds)):
            one = bounds[number]
            i, j = self._nearest_last(np.isfinite(one.least) | np.isfinite(one.most))
            near = self._places(i, j)
            least[number][near], most[number][near] = one.least[i, j], one.most[i, j]
        return Bounds(least, most)

    def map(self, values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A map at the kept traces, or the largest value right beside them."""
        if self.whole:
            return values
        kept = np.zeros((len(self.inlines), len(self.crosslines)), values.dtype)
        i, j = np.nonzero(values)
        np.maximum.at(kept, self._places(i, j), values[i, j])
        return kept

    def back(self, grids: Grids) -> Grids:
        """Grids on kept traces, shape (n, ...), on all: straight lines in between."""
        if self.whole:
            return grids
        between = _between(grids, self.inlines, self.shape[0], axis=1)
        return _between(between, self.crosslines, self.shape[1], axis=2)

    def _nearest_last(self, known: NDArray[np.bool_]) -> tuple[Index, Index]:
        """Known traces; of those that count at the same kept one, the nearest comes last."""
        i, j = np.nonzero(known)
        near = self._places(i, j)
        away = abs(self.inlines[near[0]] - i) + abs(self.crosslines[near[1]] - j)
        order = away.argsort(kind="stable")[::-1]
        return i[order], j[order]

    def _places(self, i: Index, j: Index) -> tuple[Index, Index]:
        """Numbers of the kept lines next to some traces."""
        return _next_to(self.inlines, i), _next_to(self.crosslines, j)


def _lines(labels: NDArray[np.intp], extent: int, stride: int) -> Index:
    even = np.unique([*range(0, extent, stride), extent - 1])
    more = labels - labels.min()  # than what lines across give all of them
    most = np.argsort(-more, kind="stable")[: len(even) // 2]
    return np.union1d(even, most[more[most] > 0]).astype(np.intp)


def _next_to(lines: Index, at: Index) -> Index:
    after = np.clip(np.searchsorted(lines, at), 1, len(lines) - 1) if len(lines) > 1 else 0 * at
    if len(lines) == 1:
        return after
    return after - (at - lines[after - 1] <= lines[after] - at)


def _between(grids: Grids, lines: Index, extent: int, axis: int) -> Grids:
    """Interpolate linearly between lines along an axis."""
    at = np.arange(extent)
    after = np.clip(np.searchsorted(lines, at), 0, len(lines) - 1)
    before = np.maximum(after - 1, 0)
    share = (at - lines[before]) / np.maximum(lines[after] - lines[before], 1)
    share = np.expand_dims(share, tuple(other for other in range(grids.ndim) if other != axis))
    first, second = np.take(grids, before, axis), np.take(grids, after, axis)
    return (first + share * (second - first)).astype(np.float32)
