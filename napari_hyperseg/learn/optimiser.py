"""Steepest descent in the spectral norm, with momentum.

A low-rank kernel is a short, wide matrix: m rows, n times 27 columns.  Its update is the
momentum with all singular values set to one (Muon: Jordan et al. 2024; Bernstein and
Newhouse, arXiv 2409.20325), so that a step moves ||K|| by the learning rate whatever the
number of channels.  ||K|| is what the stability bound of leapfrog is about.  Adam's step
moves it in proportion to the square root of the channels instead.

With m this small, the exact factor (G G^T)^(-1/2) costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

SMALLEST_EIGENVALUE = 1e-6  # relative; directions below it hold no signal


class SpectralDescent:
    """Momentum with orthogonalised updates.

    No subclass of torch's Optimizer: that loads the compiler, three seconds at every start.

    Parameters
    ----------
    groups : iterable
        Parameters; or dictionaries of them under ``params``, with what else the caller
        keeps of the group, and ``lr``, if it differs.
    lr : float
        Spectral norm of a step.
    momentum : float
        Share of the last direction that is kept (Nesterov's form).
    """

    def __init__(self, groups: Iterable[Any], lr: float, momentum: float = 0.9) -> None:
        groups = list(groups)
        if groups and not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        self.param_groups: list[dict[str, Any]] = [{"lr": lr, **group} for group in groups]
        self.momentum: dict[Tensor, Tensor] = {}
        self._share = momentum

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Update every parameter that has a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                if parameter not in self.momentum:
                    self.momentum[parameter] = torch.zeros_like(parameter)
                direction = _follow(self.momentum[parameter], parameter.grad, self._share)
                parameter.add_(orthogonalised(direction), alpha=-group["lr"])


def orthogonalised(direction: Tensor) -> Tensor:
    """Set all singular values of a kernel, seen as an m x (n * taps) matrix, to one.

    Parameters
    ----------
    direction : Tensor, shape (m, ...)
        A vector counts as a single row.
    """
    rows = direction.reshape(1 if direction.ndim < 2 else direction.shape[0], -1).double()
    values, vectors = torch.linalg.eigh(rows @ rows.T)
    floor = values[-1] * SMALLEST_EIGENVALUE + torch.finfo(rows.dtype).tiny
    inverse_root = (vectors * values.clamp(min=floor).rsqrt()) @ vectors.T
    return (inverse_root @ rows).reshape(direction.shape).to(direction.dtype)


def _follow(momentum: Tensor, gradient: Tensor, share: float) -> Tensor:
    """Update the momentum in place; return the direction to take."""
    momentum.mul_(share).add_(gradient)
    return gradient.add(momentum, alpha=share)
