"""The order of fields in memory."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def channels_last(ndim: int) -> torch.memory_format:
    """Memory order with the channels of a voxel side by side, for a 4D or 5D tensor."""
    return torch.channels_last_3d if ndim == 5 else torch.channels_last


def empty(shape: Sequence[int], like: Tensor, dtype: torch.dtype | None = None) -> Tensor:
    """A new field in that order, with whatever values, on the device of another tensor."""
    order = channels_last(len(shape))
    return torch.empty(shape, dtype=dtype or like.dtype, device=like.device, memory_format=order)
