"""The hidden rows where the rows of two processes meet.

Each of the two processes computes both hidden rows beside the cut, from two rows of the
field on either side, and adds to its own rows alone.  f and its adjoint read as far as each
other (the derivative -K^T sigma' K is symmetric), so that an adjoint's rows are fetched as a
state's are, and nothing has to be sent back.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from napari_hyperseg.net.convolution import HALF, ROWS
from napari_hyperseg.net.layout import empty
from napari_hyperseg.net.slabs import Pair

HALO = 2 * HALF  # rows that a layer reads beyond a row: one by K, and by K^T another


class Seam(NamedTuple):
    """What `Reach` is to a slab, for the two hidden rows beside a cut.

    Parameters
    ----------
    rows : int
        Of the field of this process.
    above : bool
        Whether the cut is at their end; else it is at their beginning.
    """

    rows: int
    above: bool

    @property
    def low(self) -> int:
        """The first of the four rows that are read; negative, or an own one."""
        return self.start - (0 if self.above else HALO)

    @property
    def high(self) -> int:
        """The row after them."""
        return self.low + 2 * HALO

    @property
    def start(self) -> int:
        """The first of this process's own two rows."""
        return self.rows - HALO if self.above else 0

    @property
    def padding(self) -> int:
        """Rows of zeros that K needs beside the four: none."""
        return 0

    def of(self, field: Tensor) -> Tensor:
        """Two rows of a field, those of this process, as a view."""
        return field.narrow(ROWS, self.start, HALO)

    def own(self, four: Tensor) -> Tensor:
        """The same rows among the four that are read."""
        return four.narrow(ROWS, 0 if self.above else HALO, HALO)

    def others(self, four: Tensor) -> Tensor:
        """The neighbour's."""
        return four.narrow(ROWS, HALO if self.above else 0, HALO)

    def without_ghost_(self, hidden: Tensor) -> Tensor:
        """Nothing to do: each of the two hidden rows is one of the volume's."""
        return hidden

    def around(self, hidden: Tensor) -> tuple[Tensor, int]:
        """Hidden rows around this process's two, from which K^T gives what they add there.

        Zero where another slab adds its share.
        """
        batch, channels, _, *plane = hidden.shape
        four = empty((batch, channels, 2 * HALO, *plane), hidden).zero_()
        self.others(four).copy_(hidden)
        return four, 0

    def counted(self, volumes: Pair, hidden: Pair) -> tuple[Pair, Pair]:
        """Of what is read and hidden, that for which this process counts a weight gradient."""
        first = 0 if self.above else HALF
        read, one = 2 * HALF + 1, 1
        y, p = (field.narrow(ROWS, first, read) for field in volumes)
        s, w = (field.narrow(ROWS, first, one) for field in hidden)
        return (y, p), (s, w)
