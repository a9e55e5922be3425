"""The symmetric block-low-rank layer f(Y) = -K^T sigma(K Y + b), slab by slab.

K has few output channels (m, the rank) and as many input channels as the state (n), so a
layer costs 27*m*n parameters instead of 27*n*n (Peters, Haber and Lensink,
arXiv 1912.12137).  Hidden tensors are as large as a slab, and nothing is computed twice:
K^T of a slab's hidden rows adds to its rows of the result and to the next ones.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.convolution import ROWS, Kernel, transposed
from napari_hyperseg.net.seam import Seam
from napari_hyperseg.net.slabs import Reach
from napari_hyperseg.net.storage import Storage
from napari_hyperseg.net.weight_gradient import weight_gradient

Rows = Reach | Seam
PAIR = 2  # of hidden tensors, S and W


def _times_relu_slope_(w: Tensor, s: Tensor) -> Tensor:
    return torch.ops.aten.threshold_backward.grad_input(w, s, 0, grad_input=w)


def _times_tanh_slope_(w: Tensor, s: Tensor) -> Tensor:
    return torch.ops.aten.tanh_backward.grad_input(w, s, grad_input=w)


TIMES_SLOPE_: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "relu": _times_relu_slope_,
    "tanh": _times_tanh_slope_,
}
"""In place, w times the slope of a monotone sigma, taken from its value; at most one."""


class SymmetricLayer:
    """One layer, ready to be evaluated.

    Parameters
    ----------
    kernel : Tensor, shape (m, n, *taps)
    bias : Tensor, shape (m,)
    activation : str
        Name of sigma in `TIMES_SLOPE_`.
    how : Arithmetic
    scale : float
        What -f and its adjoint are multiplied by: h^2 of the leapfrog step.
    """

    def __init__(
        self, kernel: Tensor, bias: Tensor, activation: str, how: Arithmetic, scale: float
    ) -> None:
        self.bias = how.operand(bias)
        self.forward = Kernel(how.operand(kernel))
        self.back = _SignedTransposes(kernel, scale, how)
        self.sigma = activation
        self.how = how

    @property
    def rank(self) -> int:
        """Hidden channels, m."""
        return self.forward.weights.shape[0]

    def seen(self, field: Tensor, reach: Reach, storage: Storage) -> Tensor:
        """The rows of a field that are read, in the convolutions' precision."""
        return self.how.operand(storage.load(reach.of(field)))

    def hidden(self, current: Tensor, reach: Rows) -> Tensor:
        """S = sigma(K Y + b) on a slab, from the rows of Y that it reads."""
        room = partial(self._room, like=current, which=0)
        post = self.forward.apply(current, reach.padding, self.bias, self.sigma, room)
        return reach.without_ghost_(post)

    def weighted(self, g: Tensor, post: Tensor, reach: Rows) -> Tensor:
        """W = sigma'(K Y + b) * (K g) on a slab, from the rows of g and S."""
        room = partial(self._room, like=g, which=1)
        product = self.forward.apply(g, reach.padding, room=room)
        return reach.without_ghost_(TIMES_SLOPE_[self.sigma](product, post))

    def _room(self, shape: tuple[int, ...], like: Tensor, which: int) -> Tensor:
        """Memory for S (0) or W (1): side by side, as the weight gradient likes them."""
        batch, *rest = shape
        both = self.how.workspace.take((PAIR * batch, *rest), like)
        return both.narrow(0, which * batch, batch)

    def spread(
        self, hidden: Tensor, reach: Rows, field: Tensor, sign: int, storage: Storage
    ) -> None:
        """Add ``sign * h^2 * K^T`` of a slab's hidden rows to the rows of a field around it."""
        around, padding = reach.around(hidden)
        storage.add_convolved(reach.of(field), around, self.back, padding, sign)


class _SignedTransposes(dict[int, Kernel]):
    """``sign * scale * K^T``, made when first asked for: a forward pass needs one of the two."""

    def __init__(self, kernel: Tensor, scale: float, how: Arithmetic) -> None:
        super().__init__()
        self._make = lambda sign: how.operand(transposed(kernel).mul_(sign * scale))

    def __missing__(self, sign: int) -> Kernel:
        made = self[sign] = Kernel(self._make(sign))
        return made


class GradientSums:
    """Gradients of a layer, summed over its slabs.

    Parameters
    ----------
    layer : SymmetricLayer
    parameters : tuple of Tensor
        Kernel and bias.
    wanted : bool
        Whether there is anything to do.
    """

    def __init__(self, layer: SymmetricLayer, parameters: tuple[Tensor, ...], wanted: bool) -> None:
        self._layer = layer
        self._parameters = parameters
        self._wanted = wanted
        self._sums: tuple[Tensor, ...] = ()

    def add(
        self, volumes: tuple[Tensor, Tensor], hidden: tuple[Tensor, Tensor], reach: Rows
    ) -> None:
        """Add the share of a slab: wgrad(p, S) + wgrad(Y, W), and sum(W)."""
        if not self._wanted:
            return
        volumes, hidden = reach.counted(volumes, hidden)
        kernel, result, weighted = self._layer.forward.weights, self._layer.how.result, hidden[1]
        share = (
            result(weight_gradient(volumes, hidden, kernel, reach.padding)),
            result(weighted).sum([0, *range(ROWS, weighted.ndim)]),
        )
        self._sums = tuple(map(Tensor.add_, self._sums, share)) if self._sums else share

    def scaled(self, factor: float) -> tuple[Tensor, ...]:
        """The sums, times a factor, in the parameters' memory order."""
        if not self._wanted:
            return ()
        if not self._sums:
            return tuple(map(torch.zeros_like, self._parameters))
        return tuple(
            torch.empty_like(parameter).copy_(total).mul_(factor)
            for parameter, total in zip(self._parameters, self._sums, strict=True)
        )
