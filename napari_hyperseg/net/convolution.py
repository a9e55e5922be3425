"""The convolution K and its transpose, for 2D and 3D kernels.

Three taps along each axis, stride one, zeros outside the volume, same size in and out: then
the transpose of K is the convolution with the flipped kernel whose two channel axes are
exchanged.  Everything here is called without autograd, from inside the reversible chain.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from napari_hyperseg.net import onednn
from napari_hyperseg.net.layout import channels_last, empty

ROWS = 2  # dimension of the tensors along which rows are counted: (batch, channels, rows, ...)
HALF = 1  # rows that K reads beyond a row, on either side: rows are planes, in 2D lines
_CONVOLUTIONS = {4: torch.conv2d, 5: torch.conv3d}
_SIGMA: dict[str | None, Callable[[Tensor], Tensor]] = {
    None: lambda values: values,
    "relu": torch.relu_,
    "tanh": torch.tanh_,
}


Room = Callable[[tuple[int, ...]], Tensor]


class Kernel:
    """A kernel, ready to be applied many times.

    Parameters
    ----------
    weights : Tensor, shape (m, n, *taps)
        Channels-last.
    """

    def __init__(self, weights: Tensor) -> None:
        self.weights = weights
        in_pairs = onednn.takes(weights) and onednn.pays_in_pairs(weights.shape[0])
        self._pairs = onednn.paired(weights) if in_pairs else None

    def apply(
        self,
        volume: Tensor,
        padding: int,
        bias: Tensor | None = None,
        sigma: str | None = None,
        room: Room | None = None,
    ) -> Tensor:
        """Compute ``sigma(K volume + b)``.

        Parameters
        ----------
        volume : Tensor, shape (batch, n, rows, ...)
        padding : int
            Rows of zeros on either side.
        bias : Tensor, shape (m,), optional
        sigma : {"relu", "tanh"}, optional
        room : callable, optional
            Gives memory of a shape for the result; not always asked.

        Returns
        -------
        Tensor, shape (batch, m, rows + 2 * padding - taps + 1, ...)
        """
        sides = [padding, *self._sides]
        if not onednn.takes(volume):
            return _SIGMA[sigma](self._plainly(volume, bias, sides))
        target = (room or partial(empty, like=volume))(self._shape_of_result(volume, padding))
        self._add(target.zero_(), volume, sides, bias, relu=sigma == "relu")
        return target if sigma == "relu" else _SIGMA[sigma](target)

    def _plainly(self, volume: Tensor, bias: Tensor | None, sides: list[int]) -> Tensor:
        """Leave it to torch, which chooses how."""
        convolution = _CONVOLUTIONS[volume.ndim]
        if not onednn.misreads(volume):
            return convolution(volume, self.weights, bias, padding=sides)
        wider = (volume.float(), self.weights.float(), None if bias is None else bias.float())
        return convolution(*wider, padding=sides).to(volume.dtype)

    def onto(self, target: Tensor, volume: Tensor, padding: int) -> None:
        """Add ``K volume`` to a target of its shape, in place."""
        if onednn.takes_sums(target, volume):
            self._add(target, volume, [padding, *self._sides])
        else:
            target.add_(self.apply(volume, padding))

    def _add(
        self,
        target: Tensor,
        volume: Tensor,
        sides: list[int],
        bias: Tensor | None = None,
        relu: bool = False,
    ) -> None:
        in_pairs = self._pairs is not None and volume.shape[-1] % onednn.PAIR == 0
        if in_pairs and bias is not None:
            bias = bias.repeat(onednn.PAIR)
        weights = self._pairs if in_pairs and self._pairs is not None else self.weights
        onednn.convolve(target, volume, weights, bias, sides, relu)

    def _shape_of_result(self, volume: Tensor, padding: int) -> tuple[int, ...]:
        rows = volume.shape[ROWS] + 2 * padding - self.weights.shape[ROWS] + 1
        return (volume.shape[0], self.weights.shape[0], rows, *volume.shape[ROWS + 1 :])

    @property
    def _sides(self) -> list[int]:
        """Padding along the axes that are not cut into rows."""
        return [taps // 2 for taps in self.weights.shape[3:]]


def transposed(kernel: Tensor) -> Tensor:
    """Kernel of the transpose K^T, in the memory order that the fast convolutions like."""
    flipped = kernel.flip(tuple(range(2, kernel.ndim))).transpose(0, 1)
    return flipped.contiguous(memory_format=channels_last(kernel.ndim))
