"""What the network gets of a box."""

from __future__ import annotations

from dataclasses import dataclass
from types import EllipsisType

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Block:
    """Channels, and what is added to the logits.

    Parameters
    ----------
    channels : ndarray of float32, shape (n_channels, i, j, k)
    offsets : ndarray of float32, shape (n_classes, i, j, k), optional
        Added to its logits; None where nothing is expected.
    """

    channels: NDArray[np.float32]
    offsets: NDArray[np.float32] | None = None

    def cut(self, core: tuple[EllipsisType | slice, ...]) -> Block:
        """Return the part of it that an index expression cuts out."""
        offsets = None if self.offsets is None else self.offsets[core]
        return Block(self.channels[core], offsets)
