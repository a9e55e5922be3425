"""States kept on a grid, which can be taken back to the last bit.

They are integers, multiples of a small step.  Adding an increment that is rounded to the
grid, and Haar by lifting steps that are rounded to it, can be undone whatever the values
(integers wrap around), as long as the increment itself is computed the same way twice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from napari_hyperseg.net.convolution import Kernel
from napari_hyperseg.net.haar import gather_cells, scatter_cells

GRID_STEP = 2.0**-14


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
