"""The convolution K and its transpose, for 2D and 3D kernels, a few rows at a time.

Rows are a volume's planes (lines in 2D) along the first spatial axis.  Three taps along
each axis, stride one, zeros outside the volume, same size in and out: then the transpose of
K is the convolution with the flipped kernel whose two channel axes are exchanged.
Everything here is called without autograd, from inside the reversible chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from napari_hyperseg.net import onednn

ROWS = 2  # dimension of the tensors along which rows are counted: (batch, channels, rows, ...)
HALF = 1  # rows that K reads beyond a row, on either side
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


class Share(NamedTuple):
    """What some rows of a volume add to the row `first` and those after it."""

    first: int
    stop: int
    kernels: dict[int, Kernel]
    volume: Tensor
    padding: int


class Transpose:
    """K^T, times a factor and with either sign, on some rows at a time.

    Parameters
    ----------
    kernel : Tensor, shape (m, n, *taps)
        K itself.
    operand : callable
        Brings a tensor to the precision of the convolutions.
    scale : float
    """

    def __init__(
        self, kernel: Tensor, operand: Callable[[Tensor], Tensor], scale: float = 1.0
    ) -> None:
        back = transposed(kernel).mul_(scale)
        parts = back, back[:, :, 1 + HALF :], back[:, :, :HALF]
        order = channels_last(kernel.ndim)
        self._aligned, self._before, self._after = (
            {sign: Kernel(operand(sign * part).contiguous(memory_format=order)) for sign in (1, -1)}
            for part in parts
        )

    def shares(self, volume: Tensor, start: int, rows: int) -> Iterator[Share]:
        """Give what rows of a volume add to those that they stand on, and to the neighbours.

        Parameters
        ----------
        volume : Tensor, shape (batch, m, some rows, ...)
        start : int
            Where the first of them stands.
        rows : int
            Of the whole volume.
        """
        stop = start + volume.shape[ROWS]
        yield Share(start, stop, self._aligned, volume, HALF)
        if start > 0:
            yield Share(start - 1, start, self._before, volume.narrow(ROWS, 0, 1), 0)
        if stop < rows:
            last = volume.narrow(ROWS, volume.shape[ROWS] - 1, 1)
            yield Share(stop, stop + 1, self._after, last, 0)


def convolve_rows(
    kernel: Kernel,
    volume: Tensor,
    start: int,
    stop: int,
    bias: Tensor | None = None,
    sigma: str | None = None,
) -> Tensor:
    """Compute ``sigma(K volume + b)`` on some rows; zeros lie outside the volume.

    Returns
    -------
    Tensor, shape (batch, m, stop - start, *other spatial)
        In the volume's precision.
    """
    low, high, missing_low, missing_high = reach(volume, start, stop)
    padding = max(missing_low, missing_high)
    result = kernel.apply(volume.narrow(ROWS, low, high - low), padding, bias, sigma)
    # oneDNN and cuDNN pad both ends alike: drop the row that one end has too many
    return result.narrow(ROWS, padding - missing_low, stop - start)


def transposed(kernel: Tensor) -> Tensor:
    """Kernel of the transpose K^T, in the memory order that the fast convolutions like."""
    flipped = kernel.flip(tuple(range(2, kernel.ndim))).transpose(0, 1)
    return flipped.contiguous(memory_format=channels_last(kernel.ndim))


def reach(volume: Tensor, start: int, stop: int) -> tuple[int, int, int, int]:
    """Rows that K reads for the rows from `start` to `stop`, and how many it misses."""
    low, high = max(start - HALF, 0), min(stop + HALF, volume.shape[ROWS])
    return low, high, low - (start - HALF), stop + HALF - high


def channels_last(ndim: int) -> torch.memory_format:
    """Memory order with the channels of a voxel side by side, for a 4D or 5D tensor."""
    return torch.channels_last_3d if ndim == 5 else torch.channels_last
