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
        Rows of a slab; whole samples of no more rows than that go together.

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
    """Where slabs begin and end: as high as each other, or a row less."""
    count = math.ceil(rows / height)
    return [i * rows // count for i in range(count + 1)]
