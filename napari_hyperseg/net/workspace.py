"""Memory for hidden tensors, taken from the system once and used slab after slab.

The first touch of fresh memory costs about a quarter of the convolution that fills it; and
what the C library keeps for later use, it keeps with holes.
"""

from __future__ import annotations

import torch
from torch import Tensor


class Workspace:
    """A piece of memory as large as the largest tensor asked for so far."""

    def __init__(self) -> None:
        self._piece: Tensor | None = None

    def take(self, shape: tuple[int, ...], like: Tensor) -> Tensor:
        """Give room for a tensor, the same room each time.

        Parameters
        ----------
        shape : tuple of int
            (batch, channels, *spatial).
        like : Tensor
            Of the same type and on the same device.

        Returns
        -------
        Tensor
            Channels-last, with whatever values.
        """
        size = torch.Size(shape).numel()
        piece = self._piece
        if piece is None or piece.numel() < size or piece.dtype != like.dtype:
            self._piece = piece = None  # before another one is made
            self._piece = piece = torch.empty(size, dtype=like.dtype, device=like.device)
        batch, channels, *spatial = shape
        return piece[:size].view(batch, *spatial, channels).movedim(-1, 1)

    def clear(self) -> None:
        """Give it back."""
        self._piece = None
