"""Any volume shape: pad to what the Haar levels need, crop the answer."""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType

from torch import Tensor
from torch.nn.functional import pad


def pad_to_multiple(volume: Tensor, multiple: Sequence[int]) -> Tensor:
    """Repeat the last sample along each axis until its size is a multiple.

    Parameters
    ----------
    volume : Tensor, shape (batch, channels, *spatial)
    multiple : sequence of int
        One for each spatial axis.
    """
    missing = [-size % m for size, m in zip(volume.shape[2:], multiple, strict=True)]
    if not any(missing):
        return volume
    widths = [w for amount in reversed(missing) for w in (0, amount)]
    return pad(volume, widths, mode="replicate")


def crop(volume: Tensor, shape: Sequence[int]) -> Tensor:
    """Cut the leading `shape` out of the spatial axes."""
    kept: tuple[EllipsisType | slice, ...] = (..., *(slice(size) for size in shape))
    return volume[kept]
