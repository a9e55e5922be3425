"""Which rows of an adjoint the loss has reached: the others are zero.

Labels stand on a few lines, and a layer carries their adjoint two rows further.  A slab
that it has not reached need only be taken back in depth, which is half of the work.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.seam import HALO, Seam
from napari_hyperseg.net.slabs import Reach
from napari_hyperseg.net.subdomain import Subdomain


@dataclass(frozen=True)
class ReachedRows:
    """One truth value for each row, whatever the sample.

    Parameters
    ----------
    rows : tuple of bool
        Of the volume, those of other processes too.
    first : int
        Where the rows of this process begin.
    """

    rows: tuple[bool, ...]
    first: int = 0

    @classmethod
    def of(cls, field: Tensor, subdomain: Subdomain | None = None) -> ReachedRows:
        """The rows of a field, (batch, channels, rows, ...), that are not all zero."""
        others = [axis for axis in range(field.ndim) if axis != ROWS]
        found = torch.linalg.vector_norm(field, math.inf, dim=others) != 0
        return (
            cls(tuple(found.tolist())) if subdomain is None else cls(*subdomain.of_all_rows(found))
        )

    def any_of(self, reach: Reach | Seam) -> bool:
        """Whether there is one among the rows that a slab reads."""
        return any(self.rows[self.first + reach.low : self.first + reach.high])

    def past_a_layer(self) -> ReachedRows:
        """The rows before a layer."""
        rows = self.rows
        carried = (any(rows[max(0, i - HALO) : i + HALO + 1]) for i in range(len(rows)))
        return ReachedRows(tuple(carried), self.first)

    def refined(self) -> ReachedRows:
        """Two rows for each."""
        return ReachedRows(tuple(row for row in self.rows for _ in range(2)), 2 * self.first)

    def coarsened(self) -> ReachedRows:
        """One row for each two."""
        pairs = zip(self.rows[::2], self.rows[1::2], strict=True)
        return ReachedRows(tuple(map(any, pairs)), self.first // 2)
