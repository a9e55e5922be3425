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

from napari_hyperseg.net.convolution import HALF, ROWS

Pair = tuple[Tensor, Tensor]


class Slab(NamedTuple):
    """Some rows of some samples."""

    samples: slice
    start: int
    stop: int

    def of(self, field: Tensor) -> Tensor:
        """The slab's part of a field, as a view."""
        return field[self.samples].narrow(ROWS, self.start, self.stop - self.start)

    def reach(self, rows: int) -> Reach:
        """What the convolutions around the slab read, of a field of so many rows."""
        low, high = max(self.start - HALF, 0), min(self.stop + HALF, rows)
        misses_low, misses_high = low == self.start, high == self.stop
        if misses_low == misses_high:
            return Reach(self.samples, low, high, HALF if misses_low else 0, None)
        return Reach(self.samples, low, high, HALF, -1 if misses_low else 0)


class Reach(NamedTuple):
    """The rows from `low` to `high` that the hidden rows of a slab read, and add to.

    The libraries pad both ends alike.  Where K needs a row of zeros at one end only, it gets
    one at either end, and gives a hidden row too many: the ghost, to be set to zero.

    Parameters
    ----------
    samples : slice
    low, high : int
    padding : int
        Rows of zeros on either side for K; for K^T it is two minus this.
    ghost : int, optional
        Which hidden row.
    """

    samples: slice
    low: int
    high: int
    padding: int
    ghost: int | None

    def of(self, field: Tensor) -> Tensor:
        """The rows of a field, as a view."""
        return field[self.samples].narrow(ROWS, self.low, self.high - self.low)

    def without_ghost_(self, hidden: Tensor) -> Tensor:
        """Set the ghost among hidden rows to zero."""
        if self.ghost is not None:
            hidden.select(ROWS, self.ghost).zero_()
        return hidden

    def hidden_of(self, field: Tensor) -> Tensor:
        """The hidden rows of a field of hidden values: a view, or a copy with a ghost."""
        some = self._hidden_rows(field)
        return some if self.ghost is None else self.without_ghost_(some.clone())

    def around(self, hidden: Tensor) -> tuple[Tensor, int]:
        """Hidden rows, and rows of zeros on either side, for K^T to give the rows of `of`."""
        return hidden, 2 * HALF - self.padding

    def counted(self, volumes: Pair, hidden: Pair) -> tuple[Pair, Pair]:
        """Of what is read and hidden, that which makes up the weight gradient: all."""
        return volumes, hidden

    def keep_hidden(self, hidden: Tensor, field: Tensor) -> None:
        """Copy hidden rows into a field of hidden values, but for a ghost."""
        first, last = int(self.ghost == 0), hidden.shape[ROWS] - int(self.ghost == -1)
        target = self._hidden_rows(field).narrow(ROWS, first, last - first)
        target.copy_(hidden.narrow(ROWS, first, last - first))

    def _hidden_rows(self, field: Tensor) -> Tensor:
        margin = HALF - self.padding
        return field[self.samples].narrow(
            ROWS, self.low + margin, self.high - self.low - 2 * margin
        )


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
    """Where slabs begin and end: as high as each other with their ghosts, up to a row."""
    if rows <= height:
        return [0, rows]
    all_rows = rows + 2  # a ghost in the first slab, and one in the last
    count = min(math.ceil(all_rows / height), all_rows // 2)
    inner = (i * all_rows // count - 1 for i in range(1, count))
    return [0, *inner, rows]
