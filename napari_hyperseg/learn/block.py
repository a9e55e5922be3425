"""A box as the network sees it, and what is expected and known in it."""

from __future__ import annotations

from dataclasses import dataclass
from types import EllipsisType

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order


@dataclass(frozen=True)
class Block:
    """Channels, and what is expected before the network looks.

    Parameters
    ----------
    channels : ndarray of float32, shape (n_channels, i, j, k)
    expected : ndarray of float32, shape (n_classes, i, j, k), optional
        Logarithms of probabilities, see `SurveyPrior`; None where nothing is expected.
    layers : tuple of int
        All codes from top to bottom, where classes are expected in this order.
    ruled_out : ndarray of bool, shape (n_classes, i, j, k), optional
        Classes that a sample cannot have, as labels say; None where they say nothing.
    """

    channels: NDArray[np.float32]
    expected: NDArray[np.float32] | None = None
    layers: Order = ()
    ruled_out: NDArray[np.bool_] | None = None

    def cut(self, core: tuple[EllipsisType | slice, ...]) -> Block:
        """Return the part of it that an index expression cuts out."""
        expected = None if self.expected is None else self.expected[core]
        ruled_out = None if self.ruled_out is None else self.ruled_out[core]
        return Block(self.channels[core], expected, self.layers, ruled_out)
