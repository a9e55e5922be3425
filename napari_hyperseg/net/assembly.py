"""The steps that a configuration asks for, and their kernels."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.haar_step import HaarStep
from napari_hyperseg.net.layout import channels_last
from napari_hyperseg.net.leapfrog import LeapfrogStep
from napari_hyperseg.net.state import Step


def steps(config: NetConfig) -> Iterator[Step]:
    """Leapfrog steps along the path, and Haar where the level changes."""
    level = 0
    for stage in config.path:
        if stage.level != level:
            yield HaarStep(config.axes, refine=stage.level < level)
            level = stage.level
        for _ in range(stage.layers):
            yield LeapfrogStep(config.step_size, config.activation)


def kernels(config: NetConfig) -> Iterator[nn.Parameter]:
    """One for each leapfrog step, as they are before any training."""
    for stage in config.path:
        for _ in range(stage.layers):
            taps = [3] * config.dimensions
            kernel = torch.empty(stage.hidden, config.channels(stage.level), *taps)
            nn.init.xavier_uniform_(kernel)
            yield nn.Parameter(kernel.contiguous(memory_format=channels_last(kernel.ndim)))
