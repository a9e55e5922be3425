"""Where a horizon crosses time slices: contours, found quickly for one slice after another.

Source: marching triangles; every cell of four traces is cut into two triangles, so that no
case is ambiguous.  Blocks of cells keep their least and greatest value, and only blocks that
the slice crosses are looked into.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.viewer.horizon_lines import NO_SEGMENTS, Segments

BLOCK = 16  # cells along each side
LONGEST_SIDE = 640  # traces; a screen shows no more

# Corners of a cell (0: i, j; 1: i, j+1; 2: i+1, j; 3: i+1, j+1), two triangles.
_TRIANGLES = ((0, 1, 2), (3, 2, 1))
_CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)


class Contours:
    """The contours of one horizon.

    Parameters
    ----------
    samples : ndarray of float32, shape (n_inlines, n_crosslines)
        Sample positions; NaN where there is none.  Of larger grids every second, third ...
        trace is used.
    """

    def __init__(self, samples: NDArray[np.float32]) -> None:
        self._stride = max(1, -(-max(samples.shape) // LONGEST_SIDE))
        samples = samples[:: self._stride, :: self._stride]
        n_i, n_j = samples.shape
        cells = max(n_i - 1, 0), max(n_j - 1, 0)
        self._blocks = tuple(-(-n // BLOCK) for n in cells)
        padded = np.full(tuple(n * BLOCK + 1 for n in self._blocks), np.nan, np.float32)
        padded[:n_i, :n_j] = samples if min(cells) else np.nan
        self._samples = padded
        if not min(self._blocks):
            self._low = self._high = np.zeros(self._blocks, np.float32)
            return
        there = np.isfinite(padded)
        self._low = self._per_block(np.minimum, np.where(there, padded, np.float32(np.inf)))
        self._high = self._per_block(np.maximum, np.where(there, padded, np.float32(-np.inf)))

    def at(self, sample: float) -> Segments:
        """Return the contour at a sample position, as segments of (inline, crossline) indices."""
        if not self._low.size:
            return NO_SEGMENTS
        value = np.float32(sample)
        crossed = np.argwhere((self._low <= value) & (self._high >= value)) * BLOCK
        if not len(crossed):
            return NO_SEGMENTS
        step = np.arange(BLOCK + 1)
        i, j = crossed[:, 0, None] + step, crossed[:, 1, None] + step
        blocks = self._samples[i[:, :, None], j[:, None, :]]
        above = blocks < value  # False for NaN, which the finite test below leaves out
        corners = [above[:, a : a + BLOCK, b : b + BLOCK] for a in (0, 1) for b in (0, 1)]
        some, every = corners[0].copy(), corners[0].copy()
        for corner in corners[1:]:
            some |= corner
            every &= corner
        where = np.argwhere(some & ~every)
        return self._cut(crossed[where[:, 0]] + where[:, 1:], value) * np.float32(self._stride)

    def _per_block(self, reduce: np.ufunc, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Reduce over the traces of each block, those on its far edges included."""
        for axis, n in enumerate(self._blocks):
            starts = np.arange(n) * BLOCK
            edges = np.take(samples, starts + BLOCK, axis=axis)
            samples = reduce(reduce.reduceat(samples, starts, axis=axis), edges)
        return samples

    def _cut(self, cells: NDArray[np.intp], value: np.float32) -> Segments:
        """Cut the triangles of cells, given by their first trace, shape (n, 2)."""
        i, j = cells[:, 0], cells[:, 1]
        z = np.stack([self._samples[i + a, j + b] for a in (0, 1) for b in (0, 1)], axis=1)
        found = [_cut_triangle(cells, z, corners, value) for corners in _TRIANGLES]
        return np.concatenate(found) if found else NO_SEGMENTS


def _cut_triangle(
    cells: NDArray[np.intp],
    z: NDArray[np.float32],
    corners: tuple[int, int, int],
    value: np.float32,
) -> Segments:
    """Return a segment for each triangle with one corner on the other side of `value`."""
    three = z[:, corners]
    above = three < value
    count = above.sum(axis=1)
    cut = np.isfinite(three).all(axis=1) & (count > 0) & (count < 3)
    three, above, count, cells = three[cut], above[cut], count[cut], cells[cut]
    odd = np.where(count == 1, above.argmax(axis=1), (~above).argmax(axis=1))
    rows = np.arange(len(three))
    places = _CORNERS[list(corners)]
    ends = np.empty((len(three), 2, 2), np.float32)
    for end, turn in enumerate((1, 2)):
        other = (odd + turn) % 3
        share = (value - three[rows, odd]) / (three[rows, other] - three[rows, odd])
        ends[:, end] = cells + places[odd] + share[:, None] * (places[other] - places[odd])
    return ends
