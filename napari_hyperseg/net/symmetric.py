"""The symmetric block-low-rank layer f(Y) = -K^T sigma(K Y + b).

K has few output channels (m, the rank) and as many input channels as the state (n), so a
layer costs 27*m*n parameters instead of 27*n*n (Peters, Haber and Lensink,
arXiv 1912.12137).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from napari_hyperseg.net.convolution import convolve, transposed, weight_gradient


@dataclass(frozen=True)
class Activation:
    """A monotone sigma with slope at most one, and its slope.

    `slope` takes sigma's input A and its output S, whichever is cheaper to use.
    """

    apply: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor, Tensor], Tensor]


ACTIVATIONS = {
    "relu": Activation(torch.relu, lambda a, s: (a > 0).to(a.dtype)),
    "tanh": Activation(torch.tanh, lambda a, s: 1 - s * s),
}


def increment(current: Tensor, kernel: Tensor, bias: Tensor, sigma: Activation) -> Tensor:
    """Evaluate f(current): two convolutions.

    Parameters
    ----------
    current : Tensor, shape (batch, n, *spatial)
    kernel : Tensor, shape (m, n, *taps)
    bias : Tensor, shape (m,)
    sigma : Activation
    """
    hidden = sigma.apply(convolve(current, kernel, bias))
    return convolve(hidden, transposed(kernel)).neg_()


@dataclass(frozen=True)
class IncrementPullback:
    """f(current), and the vector-Jacobian products of f at `current` with `adjoint`.

    Attributes
    ----------
    value : Tensor
        f(current), for the inverse step.
    adjoint_current : Tensor
        J^T adjoint = -K^T (sigma'(A) * K adjoint).
    grad_kernel, grad_bias : Tensor
        Gradients of <adjoint, f(current)>.
    """

    value: Tensor
    adjoint_current: Tensor
    grad_kernel: Tensor
    grad_bias: Tensor


def pull_back(
    current: Tensor, adjoint: Tensor, kernel: Tensor, bias: Tensor, sigma: Activation
) -> IncrementPullback:
    """Evaluate f and its adjoint together: six convolutions, A and S shared.

    With A = K current + b, S = sigma(A) and W = sigma'(A) * (K adjoint):
    value = -K^T S, adjoint_current = -K^T W,
    grad_kernel = -(wgrad(adjoint, S) + wgrad(current, W)), grad_bias = -sum(W).
    """
    pre = convolve(current, kernel, bias)
    post = sigma.apply(pre)
    weighted = convolve(adjoint, kernel).mul_(sigma.slope(pre, post))
    back = transposed(kernel)
    value = convolve(post, back).neg_()
    adjoint_current = convolve(weighted, back).neg_()
    grad_kernel = _paired_weight_gradient(adjoint, post, current, weighted, kernel).neg_()
    summed = [0, *range(2, weighted.ndim)]
    return IncrementPullback(value, adjoint_current, grad_kernel, weighted.sum(summed).neg_())


def _paired_weight_gradient(
    adjoint: Tensor, post: Tensor, current: Tensor, weighted: Tensor, kernel: Tensor
) -> Tensor:
    """wgrad(adjoint, post) + wgrad(current, weighted).

    A single sample is stacked into one batch of two: the CPU's weight gradient is slow for
    a batch of one.
    """
    if current.shape[0] > 1:
        first = weight_gradient(adjoint, post, kernel)
        return first.add_(weight_gradient(current, weighted, kernel))
    return weight_gradient(torch.cat([adjoint, current]), torch.cat([post, weighted]), kernel)
