"""Cutting a field into slabs, so that what a layer needs beside the states stays small.

A slab is a run of rows (planes along the first spatial axis) of one sample, or several
whole samples where they are small.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from torch import Tensor

from napari_hyperseg.net.convolution import ROWS

BYTES = 4  # of a float32
EXTRA_ROWS = 2  # that the first slab computes more: one for the next slab, one of zeros
LEAST_LAST = 3  # rows of the last slab: oneDNN is slow, and greedy, with fewer rows than taps
LARGEST_CONVOLUTION = 2**31 - 1  # elements; beyond, cuDNN and torch compute wrong results


class Slab(NamedTuple):
    """Some rows of some samples."""

    samples: slice
    start: int
    stop: int

    def of(self, field: Tensor) -> Tensor:
        """The slab's part of a field, as a view."""
        return field[self.samples].narrow(ROWS, self.start, self.stop - self.start)


def slabs(batch: int, rows: int, height: int) -> Iterator[tuple[slice, list[Slab]]]:
    """Cut a batch into slabs of at most `height` rows, or into groups of whole samples.

    Parameters
    ----------
    batch, rows : int
        Samples, and rows of a sample.
    height : int
        Rows of a slab (the last has three at least); whole samples of no more rows than that
        go together.

    Yields
    ------
    samples : slice
    slabs : list of Slab
        From the first row to the last.
    """
    together = max(1, height // rows)
    for first in range(0, batch, together):
        samples = slice(first, min(first + together, batch))
        yield (
            samples,
            [Slab(samples, start, stop) for start, stop in pairwise(_edges(rows, height))],
        )


def _edges(rows: int, height: int) -> list[int]:
    """Where slabs begin and end: as high as each other, the first a little less."""
    if rows <= height:
        return [0, rows]
    extra = min(EXTRA_ROWS, height - 1)
    count = math.ceil((rows + extra) / height)
    inner = {round(i * (rows + extra) / count) - extra for i in range(1, count)}
    return [0, *sorted(edge for edge in inner if 0 < edge <= rows - LEAST_LAST), rows]


def scratch_elements(height: int, channels: int, hidden: int) -> int:
    """Elements that a layer needs beside states and adjoints, for a voxel of a row's plane.

    Parameters
    ----------
    height : int
        Rows of a slab.
    channels, hidden : int
        n and m of the layer.

    Notes
    -----
    At the peak, the weight gradient: S and W, both stacked; p and Y stacked, with a row more
    on either side; the hidden rows carried to the next slab.
    """
    return height * (2 * channels + 4 * hidden) + 4 * channels + 4 * hidden


def forward_elements(height: int, channels: int, hidden: int) -> int:
    """As `scratch_elements`, for the layer alone: S, S with the rows before it, K^T S."""
    return height * (channels + 2 * hidden) + 4 * hidden


def slab_height(plane: int, channels: int, hidden: int, budget_bytes: int) -> int:
    """Rows of a slab, as many as the budget allows and at least one.

    Parameters
    ----------
    plane : int
        Voxels of a row.
    channels, hidden : int
        n and m of the layer.
    budget_bytes : int

    Raises
    ------
    ValueError
        If a convolution of three rows is larger than the libraries can take.
    """
    most = LARGEST_CONVOLUTION // (2 * plane * max(channels, hidden)) - 2
    if most < 1:
        raise ValueError(
            f"A row of {plane} voxels with {max(channels, hidden)} channels is too large for one "
            "convolution. Turn the volume so that its longest axis comes first, or cut it."
        )
    fixed, first = scratch_elements(0, channels, hidden), scratch_elements(1, channels, hidden)
    affordable = (budget_bytes // (BYTES * plane) - fixed) // (first - fixed)
    return max(1, min(most, affordable))
