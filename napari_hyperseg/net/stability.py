"""The bound that keeps the wave stable: h^2 ||K||^2 < 4 in every layer.

Leapfrog on a linear layer is Stoermer and Verlet's scheme: beyond the bound states grow
exponentially, and so do rounding errors and gradients.  sigma has slope at most one, so the
norm of K is all that matters.  It is watched by power iteration, warm from one call to the
next, and a kernel that comes too near is scaled back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import pad

from napari_hyperseg.net.convolution import Kernel, transposed
from napari_hyperseg.net.hyperbolic import HyperbolicNet
from napari_hyperseg.net.layout import channels_last

BOUND = 4.0
LIMIT = 3.5  # the norm is measured on a few frequencies only
TORUS = 8  # voxels a side
FIRST_ITERATIONS = 4  # of a fresh kernel, which is far from the bound


@dataclass
class _Watched:
    """A kernel, and the volume that it amplifies most, as far as is known."""

    kernel: Tensor
    step_squared: float
    volume: Tensor

    def iterate(self) -> float:
        """One power iteration; returns h^2 ||K||^2."""
        hidden = _on_torus(self.volume, self.kernel)
        energy = float(hidden.square().sum())
        back = _on_torus(hidden, transposed(self.kernel))
        norm = back.norm()
        if norm > 0:
            self.volume = back / norm
        return self.step_squared * energy


class StabilityGuard:
    """Watches the layers of a network and holds them within the bound.

    Parameters
    ----------
    net : HyperbolicNet
    limit : float
        Largest h^2 ||K||^2 that a layer may have.
    """

    def __init__(self, net: HyperbolicNet, limit: float = LIMIT) -> None:
        self.limit = limit
        step_squared = net.config.step_size**2
        random = torch.Generator().manual_seed(0)
        self._watched = [
            _Watched(kernel.detach(), step_squared, _noise(kernel, random))
            for kernel in net.kernels
        ]
        for _ in range(FIRST_ITERATIONS):
            self.stiffness()

    @property
    def volumes(self) -> list[Tensor]:
        """What each kernel amplifies most, as far as is known."""
        return [watched.volume for watched in self._watched]

    @volumes.setter
    def volumes(self, volumes: Sequence[Tensor]) -> None:
        for watched, volume in zip(self._watched, volumes, strict=True):
            watched.volume = watched.volume.new_empty(watched.volume.shape).copy_(volume)

    @torch.no_grad()
    def stiffness(self) -> list[float]:
        """h^2 ||K||^2 of every layer, after one more power iteration."""
        return [watched.iterate() for watched in self._watched]

    @torch.no_grad()
    def hold(self) -> float:
        """Scale back the kernels that are beyond the limit, in place.

        Returns
        -------
        float
            The largest h^2 ||K||^2 there was.
        """
        found = self.stiffness()
        for watched, value in zip(self._watched, found, strict=True):
            if value > self.limit:
                watched.kernel.mul_((self.limit / value) ** 0.5)
        return max(found, default=0.0)


def _on_torus(volume: Tensor, kernel: Tensor) -> Tensor:
    """Convolve with periodic boundaries: no norm of a finite volume is larger than this one's."""
    half = [taps // 2 for taps in kernel.shape[2:]]
    widths = [width for each in reversed(half) for width in (each, each)]
    around = pad(volume, widths, mode="circular").contiguous(
        memory_format=channels_last(volume.ndim)
    )
    result = Kernel(kernel).apply(around, padding=0)
    for axis, each in enumerate(half[1:], start=3):
        result = result.narrow(axis, each, result.shape[axis] - 2 * each)
    return result


def _noise(kernel: Tensor, random: torch.Generator) -> Tensor:
    shape = (1, kernel.shape[1], *[TORUS] * (kernel.ndim - 2))
    noise = torch.randn(shape, generator=random).to(kernel)
    return noise / noise.norm()
