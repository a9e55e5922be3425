"""The convolution K, its transpose and its weight gradient, for 2D and 3D kernels.

Stride one, zeros outside the volume, same size in and out: then the transpose of K is the
convolution with the flipped kernel whose two channel axes are exchanged.  A volume is
evaluated a few *rows* at a time, rows being its planes (lines in 2D) along the first
spatial axis.  Everything here is called without autograd, from inside the reversible chain.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

ROWS = 2  # dimension of the tensors along which rows are counted: (batch, channels, rows, ...)
_CONVOLUTIONS = {4: torch.conv2d, 5: torch.conv3d}
_ONEDNN_ELEMENTS = 20480  # torch leaves smaller single samples to its own, slow loops


def convolve_rows(
    volume: Tensor, kernel: Tensor, bias: Tensor | None, start: int, stop: int
) -> Tensor:
    """Apply K (and add b) on some rows; zeros lie outside the volume.

    Parameters
    ----------
    volume : Tensor, shape (batch, n, *spatial)
    kernel : Tensor, shape (m, n, *taps)
        Odd numbers of taps.
    bias : Tensor, shape (m,), optional
    start, stop : int
        Rows wanted.

    Returns
    -------
    Tensor, shape (batch, m, stop - start, *other spatial)
        In the volume's precision.
    """
    low, high, missing_low, missing_high = _reach(volume, kernel, start, stop)
    padding = max(missing_low, missing_high)
    seen = volume.narrow(ROWS, low, high - low)
    result = _convolve(seen, kernel, bias, [padding, *_sides(kernel)])
    # oneDNN and cuDNN pad both ends alike: drop the rows that one end has too many
    return result.narrow(ROWS, padding - missing_low, stop - start)


def convolve_rows_onto(
    target: Tensor, volume: Tensor, kernel: Tensor, start: int, stop: int
) -> None:
    """Add K applied on some rows to a target of their shape, in place."""
    low, high, missing_low, missing_high = _reach(volume, kernel, start, stop)
    if missing_low != missing_high or not _takes_sums(target, volume):
        target.add_(convolve_rows(volume, kernel, None, start, stop))
        return
    seen, padding = volume.narrow(ROWS, low, high - low), [missing_low, *_sides(kernel)]
    ones = [1] * len(padding)
    torch.ops.mkldnn._convolution_pointwise_.binary(
        target, seen, kernel, None, padding, ones, ones, 1, "add", 1.0, None, [], None
    )


def transposed(kernel: Tensor) -> Tensor:
    """Kernel of the transpose K^T, in the memory order that the fast convolutions like."""
    flipped = kernel.flip(tuple(range(2, kernel.ndim))).transpose(0, 1)
    return flipped.contiguous(memory_format=channels_last(kernel.ndim))


def weight_gradient_rows(
    volumes: tuple[Tensor, Tensor],
    hidden: tuple[Tensor, Tensor],
    kernel: Tensor,
    start: int,
    stop: int,
) -> Tensor:
    """Gradient of the sum of two <K volume, hidden> over some rows of `hidden`.

    Parameters
    ----------
    volumes : pair of Tensor, shape (batch, n, *spatial)
    hidden : pair of Tensor, shape (batch, m, stop - start, *other spatial)
    kernel : Tensor, shape (m, n, *taps)
        Only its shape matters.
    start, stop : int
        The rows of the volumes that `hidden` stands on.
    """
    if _is_garbled(volumes[0], kernel):
        volumes = volumes[0].float(), volumes[1].float()
        hidden, kernel = (hidden[0].float(), hidden[1].float()), kernel.float()
    low, high, missing_low, missing_high = _reach(volumes[0], kernel, start, stop)
    padding = max(missing_low, missing_high)
    seen = [volume.narrow(ROWS, low, high - low) for volume in volumes]
    if missing_low != missing_high:  # a row of zeros adds nothing to the gradient
        ends = [0, 0] * (kernel.ndim - 3) + [padding - missing_low, padding - missing_high]
        hidden = (pad(hidden[0], ends), pad(hidden[1], ends))
    sides = [padding, *_sides(kernel)]
    gradient = _exchanged_gradient if _prefers_exchange(seen[0]) else _direct_gradient
    if _is_left_to_slow_loops(seen[0]) or _is_left_to_slow_loops(hidden[0]):  # unlike two samples
        return gradient(torch.cat(seen), torch.cat(hidden), kernel, sides)
    first = gradient(seen[0], hidden[0], kernel, sides)
    return first.add_(gradient(seen[1], hidden[1], kernel, sides))


def channels_last(ndim: int) -> torch.memory_format:
    """Memory order with the channels of a voxel side by side, for a 4D or 5D tensor."""
    return torch.channels_last_3d if ndim == 5 else torch.channels_last


def _reach(volume: Tensor, kernel: Tensor, start: int, stop: int) -> tuple[int, int, int, int]:
    """Rows that K reads for the rows from `start` to `stop`, and how many it misses."""
    half, rows = kernel.shape[2] // 2, volume.shape[ROWS]
    low, high = max(start - half, 0), min(stop + half, rows)
    return low, high, low - (start - half), stop + half - high


def _sides(kernel: Tensor) -> list[int]:
    """Padding along the axes that are not cut into rows."""
    return [taps // 2 for taps in kernel.shape[3:]]


def _convolve(volume: Tensor, kernel: Tensor, bias: Tensor | None, padding: list[int]) -> Tensor:
    if _is_for_onednn(volume):
        # torch.conv3d runs many shapes of a single sample in slow loops; a direct call does not
        ones = [1] * len(padding)
        return torch.ops.aten.mkldnn_convolution(volume, kernel, bias, padding, ones, ones, 1)
    return _CONVOLUTIONS[volume.ndim](volume, kernel, bias, padding=padding)


def _is_for_onednn(volume: Tensor) -> bool:
    on_cpu = volume.device.type == "cpu" and volume.dtype == torch.float32
    return bool(on_cpu and torch.backends.mkldnn.is_available() and torch.backends.mkldnn.enabled)


def _takes_sums(target: Tensor, volume: Tensor) -> bool:
    """Tell whether oneDNN can add to the target itself: dense, single precision, its layout."""
    return (
        _is_for_onednn(volume)
        and target.dtype == torch.float32
        and target.is_contiguous(memory_format=channels_last(target.ndim))
        and hasattr(torch.ops.mkldnn, "_convolution_pointwise_")
    )


def _is_left_to_slow_loops(volume: Tensor) -> bool:
    """Tell whether torch would not ask oneDNN: 20 times slower, and it looks at this only."""
    return (
        volume.device.type == "cpu"
        and volume.shape[0] == 1
        and volume.shape[1:4].numel() <= _ONEDNN_ELEMENTS
    )


def _is_garbled(volume: Tensor, kernel: Tensor) -> bool:
    """Tell where oneDNN's weight gradient is wrong: few rows in half precision."""
    few = volume.shape[ROWS] < kernel.shape[2]
    return few and volume.device.type == "cpu" and volume.dtype.itemsize < 4


def _prefers_exchange(volume: Tensor) -> bool:
    """Tell where oneDNN is several times quicker with volume and hidden exchanged.

    It has no kernel of its own for fewer rows than taps, and a poor one for some channels.
    """
    return volume.device.type == "cpu" and (volume.shape[ROWS] < 3 or 8 < volume.shape[1] < 16)


def _direct_gradient(volume: Tensor, hidden: Tensor, kernel: Tensor, padding: list[int]) -> Tensor:
    ones = [1] * len(padding)
    _, gradient, _ = torch.ops.aten.convolution_backward(
        hidden, volume, kernel, None, ones, padding, ones, False, [0], 1, [False, True, False]
    )
    return gradient


def _exchanged_gradient(
    volume: Tensor, hidden: Tensor, kernel: Tensor, padding: list[int]
) -> Tensor:
    """The gradient of K^T, which correlates the same two volumes the other way round."""
    back = kernel.transpose(0, 1)
    outside = [taps - 1 - side for taps, side in zip(kernel.shape[2:], padding, strict=True)]
    return transposed(_direct_gradient(hidden, volume, back, outside))
