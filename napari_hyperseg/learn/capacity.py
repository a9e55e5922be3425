"""What fits into the memory of a device: how large a cube, how many levels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.memory import free_bytes
from napari_hyperseg.net.budget import inference_footprint, training_footprint
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.path import shallower
from napari_hyperseg.net.scratch import TooLargeError

SHARE_OF_MEMORY = 0.7  # the rest is for the data, the loss and other programs
SMALLEST_SIDE, LARGEST_SIDE = 16, 4096
WEIGHTS_KEPT = 3  # beside their gradients: the weights, their momentum, their average
LEAST_SCRATCH = 2**20  # bytes


def largest_cube(
    config: NetConfig, device: torch.device, training: bool = True, free: int | None = None
) -> int:
    """Side of the largest cube that can be trained on, or predicted, at once.

    Parameters
    ----------
    config : NetConfig
    device : torch.device
    training : bool
    free : int, optional
        Bytes; by default what is free now.
    """
    room = SHARE_OF_MEMORY * (free_bytes(device) if free is None else free)
    side, unit = LARGEST_SIDE, max(config.multiple)
    low, high = SMALLEST_SIDE // unit, side // unit
    while low < high:
        middle = (low + high + 1) // 2
        fits = _fits(config, (middle * unit,) * 3, device, training, room)
        low, high = (middle, high) if fits else (low, middle - 1)
    return low * unit


def with_levels_that_fit(config: NetConfig, device: torch.device) -> NetConfig:
    """Leave coarse levels out, where most weights are, until a small block can be trained."""
    room = SHARE_OF_MEMORY * free_bytes(device)
    smallest, thrifty = (SMALLEST_SIDE,) * 3, Execution(Mode(), scratch_bytes=LEAST_SCRATCH)
    while (path := shallower(config.path)) is not None:
        need = training_footprint(config, smallest, thrifty, device)
        if need.peak + WEIGHTS_KEPT * need.gradients <= room:
            break
        config = replace(config, path=path)
    return config


@dataclass(frozen=True)
class Capacity:
    """What a machine can compute at once with the usual network.

    Parameters
    ----------
    device : str
    free_bytes : int
    trained_side, predicted_side : int
        Side of the largest cube, in samples.
    """

    device: str
    free_bytes: int
    trained_side: int
    predicted_side: int


def capacity(device: torch.device) -> Capacity:
    """Measure the free memory of a device and say what fits into it."""
    free, usual = free_bytes(device), NetConfig(in_channels=9, n_classes=6, width=12)
    sides = (largest_cube(usual, device, training, free) for training in (True, False))
    return Capacity(str(device), int(free), *sides)


def _fits(
    config: NetConfig, shape: Shape, device: torch.device, training: bool, room: float
) -> bool:
    predict = training_footprint if training else inference_footprint
    try:
        return predict(config, shape, Execution(Mode()), device).peak <= room
    except TooLargeError:  # where memory is plenty
        return False
