"""The gradient of the loss with respect to a kernel, over a few rows at a time.

oneDNN's is slow, or torch does not ask it, for some shapes; what to do there is here.
"""

from __future__ import annotations

import torch
from torch import Tensor

from napari_hyperseg.net.convolution import HALF, ROWS, reach, transposed

_ONEDNN_ELEMENTS = 20480  # torch leaves smaller single samples to its own, slow loops
_POOR_CHANNELS = range(9, 16)  # for which oneDNN has no good kernel
_TAPS = 3

Pair = tuple[Tensor, Tensor]


def weight_gradient_rows(
    volumes: Pair, hidden: Pair, kernel: Tensor, start: int, stop: int
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
    low, high, missing_low, missing_high = reach(volumes[0], start, stop)
    if missing_low == missing_high:
        return _gradient(_rows(volumes, low, high), hidden, kernel, padding=missing_low)
    # torch pads both ends alike: the row that misses a neighbour goes on its own
    edge, kept = (start, slice(HALF, None)) if missing_low else (stop - 1, slice(None, -HALF))
    total, inner = torch.zeros_like(kernel), (start + missing_low, stop - missing_high)
    if inner[1] > inner[0]:
        seen = _rows(volumes, inner[0] - HALF, inner[1] + HALF)
        total += _gradient(seen, _rows(hidden, inner[0] - start, inner[1] - start), kernel, 0)
    seen = _rows(volumes, max(edge - HALF, low), min(edge + 1 + HALF, high))
    alone = _rows(hidden, edge - start, edge - start + 1)
    total[:, :, kept] += _gradient(seen, alone, kernel[:, :, kept], 0)
    return total


def needs_stack(channels: int, hidden: int, rows: int, across: int) -> bool:
    """Tell whether a single sample must be made into two for torch to ask oneDNN.

    Parameters
    ----------
    channels, hidden : int
        n and m.
    rows, across : int
        Extent along the first two spatial axes.
    """
    inputs = hidden if _is_exchanged(channels, rows) else channels
    return inputs * rows * across <= _ONEDNN_ELEMENTS


def _gradient(volumes: Pair, hidden: Pair, kernel: Tensor, padding: int) -> Tensor:
    if _is_garbled(volumes[0]):
        volumes = volumes[0].float(), volumes[1].float()
        hidden, kernel = (hidden[0].float(), hidden[1].float()), kernel.float()
    sides = [padding, *[taps // 2 for taps in kernel.shape[3:]]]
    on_cpu, (batch, channels, rows, across) = volumes[0].device.type == "cpu", volumes[0].shape[:4]
    exchanged = on_cpu and _is_exchanged(channels, rows)
    gradient = _exchanged_gradient if exchanged else _direct_gradient
    if on_cpu and batch == 1 and needs_stack(channels, hidden[0].shape[1], rows, across):
        return gradient(torch.cat(volumes), torch.cat(hidden), kernel, sides)
    first = gradient(volumes[0], hidden[0], kernel, sides)
    return first.add_(gradient(volumes[1], hidden[1], kernel, sides))


def _rows(pair: Pair, start: int, stop: int) -> Pair:
    return pair[0].narrow(ROWS, start, stop - start), pair[1].narrow(ROWS, start, stop - start)


def _is_exchanged(channels: int, rows: int) -> bool:
    """Tell where oneDNN is several times quicker with volume and hidden exchanged."""
    return rows < _TAPS or channels in _POOR_CHANNELS


def _is_garbled(volume: Tensor) -> bool:
    """Tell where oneDNN's weight gradient is wrong: few rows in half precision."""
    return volume.shape[ROWS] < _TAPS and volume.device.type == "cpu" and volume.dtype.itemsize < 4


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
