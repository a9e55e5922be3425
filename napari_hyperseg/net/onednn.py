"""oneDNN's convolutions on a CPU, called directly.

torch's own functions run many shapes of a single sample in slow loops of theirs, and have
neither the sum with a target nor the activation done inside the convolution.  Volumes and
kernels are float32.

oneDNN computes as many output channels at once as a vector of the processor has lanes, so
half of the work is for nothing where there are half as many channels.  There, two
neighbours along the last axis are computed as one voxel of twice the channels: the same
numbers in the same order in memory, from a kernel with a tap more and a stride of two.
"""

from __future__ import annotations

import torch
from torch import Tensor

from napari_hyperseg.net.layout import channels_last

PAIR = 2
_LANES = {"AVX512": 16, "AVX2": 8}  # of float32
_OPERATIONS = torch.ops.mkldnn


def is_there() -> bool:
    """Tell whether torch brings it, with the calls that are used here."""
    enabled = torch.backends.mkldnn.is_available() and torch.backends.mkldnn.enabled
    return bool(enabled and hasattr(_OPERATIONS, "_convolution_pointwise_"))


def takes(volume: Tensor) -> bool:
    """Tell whether oneDNN can be called for such a volume."""
    on_cpu = volume.device.type == "cpu" and volume.dtype == torch.float32
    return on_cpu and is_there()


def misreads(volume: Tensor) -> bool:
    """Tell whether torch 2.13 gets a convolution wrong on a CPU that computes in bfloat16.

    oneDNN takes a single row of one channel (with AVX512-BF16), or of three or nine, too (with
    AMX), channels-last, for something else: what it gives is of the right size only.
    """
    narrow = volume.dtype == torch.bfloat16 and volume.device.type == "cpu"
    return narrow and volume.shape[2] == 1


def takes_sums(target: Tensor, volume: Tensor) -> bool:
    """Tell whether it can add to the target itself: dense, float32, channels-last."""
    dense = target.is_contiguous(memory_format=channels_last(target.ndim))
    return takes(volume) and target.dtype == torch.float32 and dense


def convolve(
    target: Tensor,
    volume: Tensor,
    kernel: Tensor,
    bias: Tensor | None,
    padding: list[int],
    relu: bool = False,
) -> None:
    """Compute ``target + K volume + b`` in the target's memory, or its relu.

    Parameters
    ----------
    target : Tensor, shape (batch, m, *spatial)
        See `takes_sums`.
    volume : Tensor, shape (batch, n, *spatial)
    kernel : Tensor, shape (m, n, *taps)
        As it is, or `paired`: then with a stride of two along the last axis.
    bias : Tensor, shape (m,), optional
        Twice, for a `paired` kernel.
    padding : list of int
    relu : bool
    """
    ones = [1] * len(padding)
    stride, seen, sigma = ones, target, "relu" if relu else None
    if kernel.shape[-1] % PAIR == 0:
        stride, seen = [*ones[:-1], PAIR], together(target)
    _OPERATIONS._convolution_pointwise_.binary(
        seen, volume, kernel, bias, padding, stride, ones, 1, "add", 1.0, sigma, [], None
    )


def pays_in_pairs(channels: int) -> bool:
    """Tell whether so few output channels fill at most half of the lanes."""
    return PAIR * channels <= _LANES.get(torch.backends.cpu.get_cpu_capability(), 0)


def paired(kernel: Tensor) -> Tensor:
    """The kernel that computes two neighbours along the last axis at once.

    Returns
    -------
    Tensor, shape (2 * m, n, *taps but the last, 4)
    """
    shape = (PAIR, *kernel.shape[:-1], kernel.shape[-1] + 1)
    both = kernel.new_zeros(shape)
    both[0, ..., :-1] = kernel
    both[1, ..., 1:] = kernel
    return both.flatten(0, 1).contiguous(memory_format=channels_last(kernel.ndim))


def together(field: Tensor) -> Tensor:
    """View pairs of neighbours along the last axis as voxels of twice the channels.

    The field is channels-last; the view is of the same memory.
    """
    batch, channels, *extent = field.shape
    extent[-1] //= PAIR
    return field.movedim(1, -1).view(batch, *extent, PAIR * channels).movedim(-1, 1)
