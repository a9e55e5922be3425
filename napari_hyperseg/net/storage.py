"""How the two states of the wave are kept: what any way answers, and the plain one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import torch
from torch import Tensor

from napari_hyperseg.net.convolution import Kernel
from napari_hyperseg.net.haar import haar, inverse_haar


class Storage(Protocol):
    """Reads and updates the values of a field.

    Attributes
    ----------
    copies : int
        Copies of a slab that reading and updating make.
    """

    @property
    def copies(self) -> int:
        """How many."""
        ...

    def dtype(self, data: torch.dtype) -> torch.dtype:
        """What a field is stored as, for data of this type."""
        ...

    def store(self, values: Tensor) -> Tensor:
        """Convert values to what is stored."""
        ...

    def load(self, stored: Tensor) -> Tensor:
        """Convert what is stored to values; maybe a view."""
        ...

    def add_convolved(
        self,
        stored: Tensor,
        volume: Tensor,
        kernels: Mapping[int, Kernel],
        padding: int,
        sign: int,
    ) -> None:
        """Add K volume, or subtract it, in place.

        Parameters
        ----------
        stored : Tensor, shape of K volume
        volume : Tensor, shape (batch, n, rows, ...)
        kernels : mapping
            K by +1, -K by -1.
        padding : int
            Rows of zeros on either side.
        sign : {+1, -1}
        """
        ...

    def haar(self, stored: Tensor, axes: Sequence[int]) -> Tensor:
        """Coarsen a part of a field."""
        ...

    def inverse_haar(self, stored: Tensor, axes: Sequence[int]) -> Tensor:
        """Refine a part of a field."""
        ...


@dataclass(frozen=True)
class Floats:
    """Values as they are: inverted up to rounding errors."""

    copies: ClassVar[int] = 0

    def dtype(self, data: torch.dtype) -> torch.dtype:
        """The data's own."""
        return data

    def store(self, values: Tensor) -> Tensor:
        """Nothing to do."""
        return values

    def load(self, stored: Tensor) -> Tensor:
        """Nothing to do."""
        return stored

    def add_convolved(
        self,
        stored: Tensor,
        volume: Tensor,
        kernels: Mapping[int, Kernel],
        padding: int,
        sign: int,
    ) -> None:
        """Let the convolution add, where it can."""
        kernels[sign].onto(stored, volume, padding)

    def haar(self, stored: Tensor, axes: Sequence[int]) -> Tensor:
        """Coarsen."""
        return haar(stored, axes)

    def inverse_haar(self, stored: Tensor, axes: Sequence[int]) -> Tensor:
        """Refine."""
        return inverse_haar(stored, axes)
