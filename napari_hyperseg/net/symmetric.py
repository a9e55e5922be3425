"""The symmetric block-low-rank layer f(Y) = -K^T sigma(K Y + b), slab by slab.

K has few output channels (m, the rank) and as many input channels as the state (n), so a
layer costs 27*m*n parameters instead of 27*n*n (Peters, Haber and Lensink,
arXiv 1912.12137).  Hidden tensors are as large as a slab: the two rows of sigma(K Y + b)
that the next slab needs too are carried over, nothing is computed twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.convolution import (
    ROWS,
    convolve_rows,
    transposed,
    weight_gradient_rows,
)
from napari_hyperseg.net.slabs import Slab
from napari_hyperseg.net.storage import Storage


@dataclass(frozen=True)
class Activation:
    """A monotone sigma with slope at most one, and the product with its slope; both in place.

    The slope is taken from sigma's value.
    """

    apply_: Callable[[Tensor], Tensor]
    times_slope_: Callable[[Tensor, Tensor], Tensor]


def _times_relu_slope_(w: Tensor, s: Tensor) -> Tensor:
    return torch.ops.aten.threshold_backward.grad_input(w, s, 0, grad_input=w)


def _times_tanh_slope_(w: Tensor, s: Tensor) -> Tensor:
    return torch.ops.aten.tanh_backward.grad_input(w, s, grad_input=w)


ACTIVATIONS = {
    "relu": Activation(torch.relu_, _times_relu_slope_),
    "tanh": Activation(torch.tanh_, _times_tanh_slope_),
}


class SymmetricLayer:
    """One layer, ready to be evaluated.

    Parameters
    ----------
    kernel : Tensor, shape (m, n, *taps)
    bias : Tensor, shape (m,)
    activation : str
        Name of sigma in `ACTIVATIONS`.
    how : Arithmetic
    scale : float
        What -f and its adjoint are multiplied by: h^2 of the leapfrog step.
    """

    def __init__(
        self, kernel: Tensor, bias: Tensor, activation: str, how: Arithmetic, scale: float
    ) -> None:
        self.kernel = how.operand(kernel)
        self.bias = how.operand(bias)
        back = transposed(kernel).mul_(scale)
        self.back = {+1: how.operand(back), -1: how.operand(-back)}
        self.sigma = ACTIVATIONS[activation]
        self.how = how

    @property
    def rank(self) -> int:
        """Hidden channels, m."""
        return self.kernel.shape[0]

    def reach(self, slab: Slab, rows: int) -> Reach:
        """Hidden rows that a slab adds to those of the slabs before it, and what they read."""
        half = self.kernel.shape[2] // 2
        start, stop = (slab.start + half if slab.start else 0), min(slab.stop + half, rows)
        return Reach(start, max(start, stop), max(start - half, 0), min(stop + half, rows))

    def window(self, position: Tensor, slab: Slab, reach: Reach) -> Tensor:
        """The values of the rows that are read, in the precision of the convolutions."""
        return self.how.operand(self.how.storage.load(reach.window(position, slab)))

    def hidden(self, window: Tensor, reach: Reach) -> Tensor:
        """S = sigma(K Y + b) on the fresh rows, from the rows of Y in the window."""
        rows = reach.within_window
        return self.sigma.apply_(convolve_rows(window, self.kernel, self.bias, *rows))

    def weighted(self, window: Tensor, post: Tensor, reach: Reach) -> Tensor:
        """W = sigma'(K Y + b) * (K g) on the same rows as S, from the rows of g."""
        product = convolve_rows(window, self.kernel, None, *reach.within_window)
        return self.sigma.times_slope_(product, post)

    def spread(
        self, hidden: Tensor, slab: Slab, field: Tensor, sign: int, storage: Storage
    ) -> None:
        """Add ``sign * h^2 * K^T`` of the hidden rows around a slab to a field in the slab."""
        first = max(slab.start - self.kernel.shape[2] // 2, 0)
        rows = slab.start - first, slab.stop - first
        storage.add_convolved(slab.of(field), hidden, self.back, rows, sign)

    def gradient(
        self, windows: tuple[Tensor, Tensor], hidden: tuple[Tensor, Tensor], reach: Reach
    ) -> Tensor:
        """wgrad(g, S) + wgrad(Y, W) over the fresh rows."""
        rows = reach.within_window
        gradient = weight_gradient_rows(windows, hidden, self.kernel, *rows)
        return self.how.result(gradient)


class Reach(NamedTuple):
    """Hidden rows from `start` to `stop`; they read the state's rows from `low` to `high`."""

    start: int
    stop: int
    low: int
    high: int

    @property
    def within_window(self) -> tuple[int, int]:
        """The hidden rows, counted from the first row that is read."""
        return self.start - self.low, self.stop - self.low

    def of(self, field: Tensor, slab: Slab) -> Tensor:
        """The fresh rows of a field of hidden values, as a view."""
        return field[slab.samples].narrow(ROWS, self.start, self.stop - self.start)

    def window(self, field: Tensor, slab: Slab) -> Tensor:
        """The rows of a field that are read, as a view."""
        return field[slab.samples].narrow(ROWS, self.low, self.high - self.low)


class Carry:
    """The last hidden rows of a slab, kept for the next one."""

    def __init__(self, kernel: Tensor) -> None:
        self._count = kernel.shape[ROWS] - 1
        self._kept: Tensor | None = None

    def extend(self, fresh: Tensor, slab: Slab) -> Tensor:
        """Put the rows kept before the fresh ones; keep the last of them all."""
        first = self._kept is None or slab.start == 0
        rows = fresh if first else torch.cat([self._kept, fresh], ROWS)  # type: ignore[list-item]
        count = min(self._count, rows.shape[ROWS])
        self._kept = rows.narrow(ROWS, rows.shape[ROWS] - count, count).clone()
        return rows


class GradientSums:
    """Gradients of a layer, summed over its slabs."""

    def __init__(self, parameters: tuple[Tensor, ...], wanted: bool) -> None:
        self._parameters = parameters
        self._wanted = wanted
        self._sums: tuple[Tensor, ...] = ()

    def add(
        self,
        layer: SymmetricLayer,
        windows: tuple[Tensor, Tensor],
        hidden: tuple[Tensor, Tensor],
        reach: Reach,
    ) -> None:
        """Add the share of a slab's fresh rows: wgrad(p, S) + wgrad(Y, W), and sum(W)."""
        if not self._wanted or reach.stop == reach.start:
            return
        weighted = hidden[1]
        share = (
            layer.gradient(windows, hidden, reach),
            layer.how.result(weighted).sum([0, *range(ROWS, weighted.ndim)]),
        )
        self._sums = tuple(map(torch.add, self._sums, share)) if self._sums else share

    def scaled(self, factor: float) -> tuple[Tensor, ...]:
        """The sums, times a factor, in the parameters' memory order."""
        if not self._sums:
            return ()
        return tuple(
            torch.empty_like(parameter).copy_(total).mul_(factor)
            for parameter, total in zip(self._parameters, self._sums, strict=True)
        )
