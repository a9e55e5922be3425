"""The convolution K and its transpose, for 2D and 3D kernels.

Three taps along each axis, stride one, zeros outside the volume, same size in and out: then
the transpose of K is the convolution with the flipped kernel whose two channel axes are
exchanged.  Everything here is called without autograd, from inside the reversible chain.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from napari_hyperseg.net import onednn

ROWS = 2  # dimension of the tensors along which rows are counted: (batch, channels, rows, ...)
HALF = 1  # rows that K reads beyond a row, on either side: rows are planes, in 2D lines
_CONVOLUTIONS = {4: torch.conv2d, 5: torch.conv3d}
_SIGMA: dict[str | None, Callable[[Tensor], Tensor]] = {
    None: lambda values: values,
    "relu": torch.relu_,
    "tanh": torch.tanh_,
}


class Kernel:
    """A kernel, ready to be applied many times.

    Parameters
    ----------
    weights : Tensor, shape (m, n, *taps)
        Channels-last.
    """

    def __init__(self, weights: Tensor) -> None:
        self.weights = weights
        self._pairs = onednn.paired(weights) if onednn.pays_in_pairs(weights) else None

    def apply(
        self, volume: Tensor, padding: int, bias: Tensor | None = None, sigma: str | None = None
    ) -> Tensor:
        """Compute ``sigma(K volume + b)``.

        Parameters
        ----------
        volume : Tensor, shape (batch, n, rows, ...)
        padding : int
            Rows of zeros on either side.
        bias : Tensor, shape (m,), optional
        sigma : {"relu", "tanh"}, optional

        Returns
        -------
        Tensor, shape (batch, m, rows + 2 * padding - taps + 1, ...)
        """
        sides = [padding, *self._sides]
        if not onednn.takes(volume):
            convolution = _CONVOLUTIONS[volume.ndim]
            return _SIGMA[sigma](convolution(volume, self.weights, bias, padding=sides))
        weights = self._suited(volume)
        if bias is not None and weights is self._pairs:
            bias = bias.repeat(onednn.PAIR)
        return onednn.convolve(volume, weights, bias, sides, sigma)

    def onto(self, target: Tensor, volume: Tensor, padding: int) -> None:
        """Add ``K volume`` to a target of its shape, in place."""
        if onednn.takes_sums(target, volume):
            onednn.convolve_onto(target, volume, self._suited(volume), [padding, *self._sides])
        else:
            target.add_(self.apply(volume, padding))

    @property
    def _sides(self) -> list[int]:
        """Padding along the axes that are not cut into rows."""
        return [taps // 2 for taps in self.weights.shape[3:]]

    def _suited(self, volume: Tensor) -> Tensor:
        """The weights for pairs of neighbours, where there are some and it pays."""
        return self.weights if self._pairs is None or volume.shape[-1] % 2 else self._pairs


def transposed(kernel: Tensor) -> Tensor:
    """Kernel of the transpose K^T, in the memory order that the fast convolutions like."""
    flipped = kernel.flip(tuple(range(2, kernel.ndim))).transpose(0, 1)
    return flipped.contiguous(memory_format=channels_last(kernel.ndim))


def channels_last(ndim: int) -> torch.memory_format:
    """Memory order with the channels of a voxel side by side, for a 4D or 5D tensor."""
    return torch.channels_last_3d if ndim == 5 else torch.channels_last
