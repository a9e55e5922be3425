"""The convolution K, its transpose and its weight gradient, for 2D and 3D kernels.

Stride one, zeros outside the volume, same size in and out: then the transpose of K is the
convolution with the flipped kernel whose two channel axes are exchanged.  Everything here
is called without autograd, from inside the reversible chain.
"""

from __future__ import annotations

import torch
from torch import Tensor

_CONVOLUTIONS = {4: torch.conv2d, 5: torch.conv3d}


def convolve(volume: Tensor, kernel: Tensor, bias: Tensor | None = None) -> Tensor:
    """Apply K (and add b).

    Parameters
    ----------
    volume : Tensor, shape (batch, n, *spatial)
    kernel : Tensor, shape (m, n, *taps)
        Odd numbers of taps.
    bias : Tensor, shape (m,), optional

    Returns
    -------
    Tensor, shape (batch, m, *spatial)
    """
    padding = [taps // 2 for taps in kernel.shape[2:]]
    if _takes_the_slow_path(volume):
        ones = [1] * len(padding)
        return torch.ops.aten.mkldnn_convolution(volume, kernel, bias, padding, ones, ones, 1)
    return _CONVOLUTIONS[volume.ndim](volume, kernel, bias, padding=padding)


def _takes_the_slow_path(volume: Tensor) -> bool:
    """Tell whether torch would run ``slow_conv3d``, about 20 times slower than oneDNN.

    It does for many shapes of a single sample on the CPU; a direct call avoids it.
    """
    return (
        volume.ndim == 5
        and volume.shape[0] == 1
        and volume.device.type == "cpu"
        and volume.dtype == torch.float32
        and torch.backends.mkldnn.is_available()
    )


def transposed(kernel: Tensor) -> Tensor:
    """Kernel of the transpose K^T, in the memory order that the fast convolutions like."""
    flipped = kernel.flip(tuple(range(2, kernel.ndim))).transpose(0, 1)
    return flipped.contiguous(memory_format=channels_last(kernel.ndim))


def weight_gradient(volume: Tensor, hidden: Tensor, kernel: Tensor) -> Tensor:
    """Gradient of <K volume, hidden> with respect to the kernel.

    Parameters
    ----------
    volume : Tensor, shape (batch, n, *spatial)
    hidden : Tensor, shape (batch, m, *spatial)
    kernel : Tensor, shape (m, n, *taps)
        Only its shape matters.
    """
    padding = [taps // 2 for taps in kernel.shape[2:]]
    ones = [1] * len(padding)
    _, gradient, _ = torch.ops.aten.convolution_backward(
        hidden, volume, kernel, None, ones, padding, ones, False, [0], 1, [False, True, False]
    )
    return gradient


def channels_last(ndim: int) -> torch.memory_format:
    """Memory order with the channels of a voxel side by side, for a 4D or 5D tensor."""
    return torch.channels_last_3d if ndim == 5 else torch.channels_last
