"""What a layer needs beside the states and their adjoints, and how high its slabs may be.

Two hidden tensors of a slab, S and W, and whatever copies the way of computing makes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from napari_hyperseg.net.convolution import HALF
from napari_hyperseg.net.weight_gradient import needs_stack

BYTES = 4  # of a float32
LARGEST_CONVOLUTION = 2**31 - 1  # elements; beyond, cuDNN and torch compute wrong results
QUICK_CONVOLUTION = LARGEST_CONVOLUTION // BYTES  # beyond, oneDNN falls back to reference code
SHARE_OF_STATE = 1 / 12  # for scratch, at least: lower slabs cost time


@dataclass(frozen=True)
class LayerSize:
    """How large a layer is.

    Parameters
    ----------
    channels, hidden : int
        n and m.
    extent : tuple of int
        Spatial shape: rows first.
    """

    channels: int
    hidden: int
    extent: tuple[int, ...]

    @property
    def plane(self) -> int:
        """Voxels of a row."""
        return math.prod(self.extent[1:])


@dataclass(frozen=True)
class Copies:
    """What is copied of a slab.

    Parameters
    ----------
    fields : int
        Copies of a state's rows at once.
    stacks : bool
        Whether the weight gradient of small single samples needs what they read side by side.
    """

    fields: int = 0
    stacks: bool = True

    def stacked(self, layer: LayerSize, height: int) -> bool:
        """Tell whether slabs of at most some height need stacks."""
        rows = layer.extent[0]
        least = rows // math.ceil(rows / height)
        return self.stacks and needs_stack(layer.channels, layer.hidden, (least, *layer.extent[1:]))


def scratch_bytes(layer: LayerSize, height: int, copies: Copies, training: bool = True) -> int:
    """What slabs of at most some height need.

    Parameters
    ----------
    layer : LayerSize
    height : int
        Rows.
    copies : Copies
    training : bool
        Whether there is a backward pass: W, and the weight gradient.
    """
    fixed, of_a_row = _bytes(layer, copies, training, copies.stacked(layer, height))
    return fixed + height * of_a_row


class TooLargeError(ValueError):
    """No slab is small enough for the libraries below."""


def slab_height(layer: LayerSize, copies: Copies, budget_bytes: int, training: bool = True) -> int:
    """Rows of a slab, as many as the budget allows and at least one.

    The budget is exceeded up to a small share of a state.

    Raises
    ------
    TooLargeError
        If a convolution of three rows is larger than the libraries can take.
    """
    widest = max(layer.channels, layer.hidden)
    of_a_row = 2 * layer.plane * widest
    if LARGEST_CONVOLUTION // of_a_row - 2 * HALF < 1:
        raise TooLargeError(
            f"A row of {layer.plane} voxels with {widest} channels is too large for one "
            "convolution. Turn the volume so that its longest axis comes first, or cut it."
        )
    most = max(1, QUICK_CONVOLUTION // of_a_row - 2 * HALF)
    state = BYTES * layer.channels * math.prod(layer.extent)
    budget = max(budget_bytes, int(SHARE_OF_STATE * state))
    for stacked in (False, True):
        fixed, each = _bytes(layer, copies, training, stacked)
        height = max(1, min(most, (budget - fixed) // each))
        if not training or copies.stacked(layer, height) == stacked:
            break
    return height


def _bytes(layer: LayerSize, copies: Copies, training: bool, stacked: bool) -> tuple[int, int]:
    """What any slab needs, and what each of its rows needs."""
    fields = copies.fields + (2 if training and stacked else 0)
    hidden = 2 if training else 1
    of_a_row = BYTES * layer.plane * (fields * layer.channels + hidden * layer.hidden)
    return BYTES * layer.plane * fields * layer.channels * 2 * HALF, of_a_row
