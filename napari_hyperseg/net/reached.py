"""Which rows of an adjoint the loss has reached: the others are zero.

Labels stand on a few lines, and a layer carries their adjoint two rows further.  A slab
that it has not reached need only be taken back in depth, which is half of the work.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from napari_hyperseg.net.convolution import HALF, ROWS
from napari_hyperseg.net.slabs import Reach

_CARRIED = 2 * HALF  # by K one row, and by K^T another


@dataclass(frozen=True)
class ReachedRows:
    """One truth value for each row, whatever the sample.

    Parameters
    ----------
    rows : tuple of bool
    """

    rows: tuple[bool, ...]

    @classmethod
    def of(cls, field: Tensor) -> ReachedRows:
        """The rows of a field, (batch, channels, rows, ...), that are not all zero."""
        others = [axis for axis in range(field.ndim) if axis != ROWS]
        largest = torch.linalg.vector_norm(field, math.inf, dim=others)
        return cls(tuple((largest != 0).tolist()))

    def any_of(self, reach: Reach) -> bool:
        """Whether there is one among the rows that a slab reads."""
        return any(self.rows[reach.low : reach.high])

    def past_a_layer(self) -> ReachedRows:
        """The rows before a layer."""
        rows = self.rows
        return ReachedRows(
            tuple(any(rows[max(0, i - _CARRIED) : i + _CARRIED + 1]) for i in range(len(rows)))
        )

    def refined(self) -> ReachedRows:
        """Two rows for each."""
        return ReachedRows(tuple(row for row in self.rows for _ in range(2)))

    def coarsened(self) -> ReachedRows:
        """One row for each two."""
        return ReachedRows(tuple(map(any, zip(self.rows[::2], self.rows[1::2], strict=True))))
