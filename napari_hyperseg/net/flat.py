"""Volumes of a single row, as 2D lines are: the same network, computed on a plane.

Outside the volume there are zeros, so of a kernel's three taps across such a row the middle one
alone sees anything.  Convolutions in 2D then give the same numbers for a third of the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from torch import Tensor

from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.convolution import HALF, ROWS
from napari_hyperseg.net.layout import channels_last


def flat_axis(config: NetConfig, extent: Sequence[int]) -> int | None:
    """Choose the spatial axis to leave out, None if there is none.

    Parameters
    ----------
    config : NetConfig
    extent : sequence of int
        Spatial shape of the data.
    """
    if config.dimensions < 3 or config.map_axis is not None:
        return None
    flat = (axis for axis in range(3) if extent[axis] == 1 and axis not in config.axes)
    return next(flat, None)


def without(config: NetConfig, axis: int) -> NetConfig:
    """The network in 2D."""
    axes = tuple(other - (other > axis) for other in config.axes)
    return replace(config, dimensions=2, axes=axes)


def middle_taps(kernels: Iterable[Tensor], axis: int) -> list[Tensor]:
    """What sees a single row of each kernel, (m, n, *taps): an axis less."""
    middles = (kernel.select(ROWS + axis, HALF) for kernel in kernels)
    return [one.contiguous(memory_format=channels_last(one.ndim)) for one in middles]
