"""What a pass costs in memory and arithmetic, before it is run.

The peak of a training step is data, two states, two adjoints, whatever the mode keeps, and
a slab's worth of scratch; that of inference data, two states, and scratch or logits,
whichever is more.
Compared with measured peaks by the tests and by ``benchmarks.net_memory``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from napari_hyperseg.net.arithmetic import CPU, Arithmetic
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.footprint import Footprint
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.path import Stage
from napari_hyperseg.net.scratch import BYTES, LayerSize, scratch_bytes
from napari_hyperseg.net.seam import HALO
from napari_hyperseg.net.transform import copied_bytes

MULTIPLY_ADD = 2
HEAP = 1.4  # resident bytes over those in use, where copies of many sizes come and go
CONVOLUTIONS_STORED, CONVOLUTIONS_RECOMPUTED = 6, 8  # of a layer in a training step


def training_footprint(
    config: NetConfig,
    shape: Sequence[int],
    execution: Execution,
    device: torch.device = CPU,
    batch: int = 1,
    read: float = 1.0,
    seams: int = 0,
) -> Footprint:
    """Predict a training step: forward, loss, backward.

    Parameters
    ----------
    config : NetConfig
    shape : sequence of int
        Spatial shape of the data.
    execution : Execution
    device : torch.device
    batch : int
    read : float
        Share of the voxels whose logits are read (``where``).
    seams : int
        Sides on which another process has the next rows of the volume (0, 1 or 2).
    """
    mode = Mode.parse(str(execution.mode))
    how = execution.arithmetic(mode, device)
    voxels = batch * math.prod(config.padded(shape))
    state = BYTES * voxels * config.width
    return Footprint(
        data=_data(config, shape, batch),
        states=(2 if mode.kind == "store" else 4) * state,
        kept=_kept(config, mode, state),
        scratch=_layer_scratch(config, shape, batch, how)
        + _haar(config, shape, how)
        + 2 * seams * _rows_at_seam(config, shape, batch, how),
        gradients=BYTES * sum(_weights(config, stage) for stage in config.path),
        logits=int(2 * read * _logits(config, shape, batch)),
        flops=_convolutions(mode) * _flops_of_one_each(config, voxels),
    )


def inference_footprint(
    config: NetConfig,
    shape: Sequence[int],
    execution: Execution,
    device: torch.device = CPU,
    batch: int = 1,
    seams: int = 0,
) -> Footprint:
    """Predict a forward pass without gradients; the parameters are those above."""
    how = execution.arithmetic(Mode.parse(str(execution.mode)), device, training=False)
    voxels = batch * math.prod(config.padded(shape))
    scratch = _layer_scratch(config, shape, batch, how)
    logits = _logits(config, shape, batch)
    if not how.copies.fields:  # given back before the logits come
        scratch = max(0, scratch - logits)
    scratch += seams * _rows_at_seam(config, shape, batch, how)
    return Footprint(
        data=_data(config, shape, batch),
        states=2 * BYTES * voxels * config.width,
        kept=0,
        scratch=scratch + _haar(config, shape, how),
        gradients=0,
        logits=logits,
        flops=2 * _flops_of_one_each(config, voxels),
    )


def _data(config: NetConfig, shape: Sequence[int], batch: int) -> int:
    padded = config.padded(shape)
    voxels = math.prod(shape) + (math.prod(padded) if padded != tuple(shape) else 0)
    return BYTES * batch * voxels * config.in_channels


def _logits(config: NetConfig, shape: Sequence[int], batch: int) -> int:
    return BYTES * batch * config.n_classes * math.prod(config.output_shape(shape))


def _kept(config: NetConfig, mode: Mode, state: int) -> int:
    """Copies between layers, or the input and the hidden tensor of every layer."""
    if mode.kind == "store":
        shares = (s.layers * (1 + s.hidden / config.channels(s.level)) for s in config.path)
        return round(state * sum(shares))
    if mode.interval is None:
        return 0
    return 2 * state * ((config.layers - 1) // mode.interval)


def _layer_scratch(config: NetConfig, shape: Sequence[int], batch: int, how: Arithmetic) -> int:
    """The most that a layer of the path needs beside the states."""
    most = 0
    for stage in config.path:
        if not stage.layers:
            continue
        extent = config.extent(config.padded(shape), stage.level)
        layer = LayerSize(config.channels(stage.level), stage.hidden, extent)
        height = min(how.height(stage.hidden, (layer.channels, *extent)), batch * extent[0])
        scratch = scratch_bytes(layer, height, how.copies, how.training)
        most = max(most, scratch + _kernel_copies(config, stage, how))
    heap = HEAP if how.training and how.copies.fields else 1.0
    return round(heap * most)


def _rows_at_seam(config: NetConfig, shape: Sequence[int], batch: int, how: Arithmetic) -> int:
    """Four rows of a field, on the level where they are largest."""
    width = BYTES if how.convolution_dtype is None else how.convolution_dtype.itemsize
    padded = config.padded(shape)
    planes = (
        config.channels(stage.level) * math.prod(config.extent(padded, stage.level)[1:])
        for stage in config.path
        if stage.layers
    )
    return 2 * HALO * width * batch * max(planes, default=0)


def _kernel_copies(config: NetConfig, stage: Stage, how: Arithmetic) -> int:
    """K^T with either sign, oneDNN's own order, a slab's gradient and their sum; K^T and that."""
    copies = 5 if how.training else 2
    return copies * BYTES * _weights(config, stage) // stage.layers


def _haar(config: NetConfig, shape: Sequence[int], how: Arithmetic) -> int:
    """What the Haar transform copies, in pieces so small that the process keeps their memory."""
    levels = {stage.level for stage in config.path}
    if len(levels) == 1 or not config.axes:
        return 0
    _, *plane = config.extent(config.padded(shape), max(levels))
    return copied_bytes(config.channels(max(levels)) * math.prod(plane), how.scratch_bytes)


def _weights(config: NetConfig, stage: Stage) -> int:
    taps = 3**config.dimensions
    return stage.layers * stage.hidden * (taps * config.channels(stage.level) + 1)


def _convolutions(mode: Mode) -> int:
    return CONVOLUTIONS_STORED if mode.kind == "store" else CONVOLUTIONS_RECOMPUTED


def _flops_of_one_each(config: NetConfig, voxels: int) -> int:
    """One convolution with K in every layer; a level has as many values as any other."""
    taps = 3**config.dimensions
    ranks = sum(stage.layers * stage.hidden for stage in config.path)
    return MULTIPLY_ADD * taps * ranks * config.width * voxels
