"""The gradient of the loss with respect to a kernel.

oneDNN's is slow, or torch does not ask it, for some shapes; what to do there is here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor

from napari_hyperseg.net import onednn
from napari_hyperseg.net.convolution import ROWS, transposed

_ONEDNN_ELEMENTS = 20480  # torch leaves smaller single samples to its own, slow loops
_LANES = 16  # of a vector: output channels that are computed at once
_POOR_INPUTS = range(9, 16)  # for which oneDNN has no good kernel
_TAPS = 3

Pair = tuple[Tensor, Tensor]


def weight_gradient(volumes: Pair, hidden: Pair, kernel: Tensor, padding: int) -> Tensor:
    """Gradient of the sum of two <K volume, hidden>.

    Parameters
    ----------
    volumes : pair of Tensor, shape (batch, n, rows, *other spatial)
        Channels-last.
    hidden : pair of Tensor, shape (batch, m, rows + 2 * padding - 2, *other spatial)
        Likewise.
    kernel : Tensor, shape (m, n, *taps)
        Only its shape matters.
    padding : int
        Rows of zeros on either side of the volumes.
    """
    if _is_garbled(volumes[0]) or _is_garbled(hidden[0]):
        volumes = volumes[0].float(), volumes[1].float()
        hidden, kernel = (hidden[0].float(), hidden[1].float()), kernel.float()
    m, n, *taps = kernel.shape
    if not (onednn.takes(kernel) and _is_in_pairs(n, m, volumes[0].shape[-1])):
        return _sum_of_gradients(volumes, hidden, kernel, padding)
    volumes = onednn.together(volumes[0]), onednn.together(volumes[1])
    hidden = onednn.together(hidden[0]), onednn.together(hidden[1])
    of_pairs = kernel.new_empty(onednn.PAIR * m, onednn.PAIR * n, *taps)
    return _of_neighbours(_sum_of_gradients(volumes, hidden, of_pairs, padding))


def _sum_of_gradients(volumes: Pair, hidden: Pair, kernel: Tensor, padding: int) -> Tensor:
    sides = [padding, *[taps // 2 for taps in kernel.shape[3:]]]
    m, n, *_ = kernel.shape
    on_cpu = volumes[0].device.type == "cpu"
    exchanged = on_cpu and _is_exchanged(n, m, volumes[0].shape[ROWS])
    gradient = _exchanged_gradient if exchanged else _direct_gradient
    inputs = (hidden if exchanged else volumes)[0]
    if on_cpu and inputs.shape[0] == 1 and inputs.shape[1:4].numel() <= _ONEDNN_ELEMENTS:
        return gradient(_stacked(volumes), _stacked(hidden), kernel, sides)
    first = gradient(volumes[0], hidden[0], kernel, sides)
    return first.add_(gradient(volumes[1], hidden[1], kernel, sides))


def _is_in_pairs(channels: int, hidden: int, last: int) -> bool:
    """Tell whether pairs of neighbours, as one voxel of twice the channels, fill the lanes."""
    few = max(channels, hidden) * onednn.PAIR <= _LANES
    return few and last % onednn.PAIR == 0 and onednn.pays_in_pairs(hidden)


def _of_neighbours(gradient: Tensor) -> Tensor:
    """From the gradient for pairs, (2 * m, 2 * n, *taps), the one for single voxels.

    Tap t of pair w is that of voxels 2 * (t - 1) + i - o apart, from voxel i of a pair of the
    volume to voxel o of a pair of the hidden tensor.
    """
    m, n = (channels // onednn.PAIR for channels in gradient.shape[:2])
    by_voxel = gradient.unflatten(1, (onednn.PAIR, n)).unflatten(0, (onednn.PAIR, m))
    result = gradient.new_zeros(m, n, *gradient.shape[2:])
    for o, i, t in itertools.product(range(onednn.PAIR), range(onednn.PAIR), range(_TAPS)):
        apart = onednn.PAIR * (t - 1) + i - o
        if abs(apart) <= 1:
            result[..., apart + 1] += by_voxel[o, :, i, ..., t]
    return result


def needs_stack(channels: int, hidden: int, extent: Sequence[int]) -> bool:
    """Tell whether a single sample must be made into two for torch to ask oneDNN.

    Parameters
    ----------
    channels, hidden : int
        n and m.
    extent : sequence of int
        Hidden rows, and voxels along the other axes.
    """
    if _is_in_pairs(channels, hidden, extent[-1]):
        channels, hidden = onednn.PAIR * channels, onednn.PAIR * hidden
    inputs = hidden if _is_exchanged(channels, hidden, extent[0]) else channels
    return inputs * extent[0] * extent[1] <= _ONEDNN_ELEMENTS


def _stacked(pair: Pair) -> Tensor:
    """One tensor of twice the samples: a view, where the two lie side by side in memory."""
    first, second = pair
    whole = first.untyped_storage().data_ptr() == second.untyped_storage().data_ptr()
    step = second.storage_offset() - first.storage_offset()
    if not whole or step != first.numel() or first.shape[0] > 1:
        return torch.cat(pair)
    _, *strides = first.stride()
    return first.as_strided((2, *first.shape[1:]), (step, *strides))


def _is_exchanged(channels: int, hidden: int, rows: int) -> bool:
    """Tell where oneDNN is about twice as quick with volume and hidden exchanged."""
    fills_lanes = hidden <= _LANES // 2 and channels % _LANES == 0
    return rows < _TAPS or channels in _POOR_INPUTS or fills_lanes


def _is_garbled(field: Tensor) -> bool:
    """Tell where oneDNN's weight gradient is wrong: few rows in half precision."""
    return field.shape[ROWS] < _TAPS and field.device.type == "cpu" and field.dtype.itemsize < 4


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
