"""How the two states of the wave are kept: as floating point numbers, or on a grid.

On a grid the states are integers, multiples of a small step.  Adding an increment that is
rounded to the grid, and Haar by lifting steps that are rounded to it, can be undone to the
last bit, whatever the values (integers wrap around), as long as the increment itself is
computed the same way twice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import torch
from torch import Tensor

from napari_hyperseg.net.convolution import Kernel
from napari_hyperseg.net.haar import gather_cells, haar, inverse_haar, scatter_cells

GRID_STEP = 2.0**-14


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


@dataclass(frozen=True)
class Grid:
    """Multiples of `step` as integers: inverted exactly.

    Parameters
    ----------
    step : float
        A power of two.
    integers : torch.dtype
        int32, or int16 for half the memory and a range of 2**15 steps.
    """

    step: float = GRID_STEP
    integers: torch.dtype = torch.int32
    copies: ClassVar[int] = 2

    def dtype(self, data: torch.dtype) -> torch.dtype:
        """Integers."""
        return self.integers

    def store(self, values: Tensor) -> Tensor:
        """Round to the grid."""
        return (values / self.step).round_().to(self.integers)

    def load(self, stored: Tensor) -> Tensor:
        """Multiply by the step."""
        return stored.to(torch.float32).mul_(self.step)

    def add_convolved(
        self,
        stored: Tensor,
        volume: Tensor,
        kernels: Mapping[int, Kernel],
        padding: int,
        sign: int,
    ) -> None:
        """Round to the grid and add: the same values whichever the sign."""
        values = kernels[+1].apply(volume, padding).to(torch.float32)
        values.mul_(1 / self.step).round_()
        in_place = values.view(torch.int32).copy_(values)  # as large, and read before written
        stored.add_(in_place.to(self.integers), alpha=sign)

    def haar(self, stored: Tensor, axes: Sequence[int]) -> Tensor:
        """Coarsen, by rounded lifting steps."""
        cells = gather_cells(stored.clone(), axes)
        for position in range(len(axes)):
            _reflect(*cells.unbind(cells.ndim - 1 - len(axes) + position))
        return cells.flatten(-1 - len(axes)).movedim(-1, 1)

    def inverse_haar(self, stored: Tensor, axes: Sequence[int]) -> Tensor:
        """Refine, by the same steps backwards."""
        cells = stored.movedim(1, -1).unflatten(-1, [2] * len(axes) + [-1]).clone()
        for position in reversed(range(len(axes))):
            _reflect_back(*cells.unbind(cells.ndim - 1 - len(axes) + position))
        return scatter_cells(cells, axes)


_TANGENT, _SINE = math.tan(math.pi / 8), math.sqrt(0.5)


def _reflect(a: Tensor, b: Tensor) -> None:
    """(a, b) -> (a + b, a - b) / sqrt(2) in place: three shears turn by 45 degrees, b flips."""
    _shear(a, b, _TANGENT)
    _shear(b, a, -_SINE)
    _shear(a, b, _TANGENT)
    b.neg_()


def _reflect_back(a: Tensor, b: Tensor) -> None:
    b.neg_()
    _shear(a, b, -_TANGENT)
    _shear(b, a, _SINE)
    _shear(a, b, -_TANGENT)


def _shear(moved: Tensor, other: Tensor, factor: float) -> None:
    """Add ``round(factor * other)``: rounding is odd, so the opposite factor undoes it."""
    moved.add_(other.to(torch.float32).mul_(factor).round_().to(moved.dtype))
