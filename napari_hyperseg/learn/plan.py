"""How large a block to compute at once, and how to run the network on it."""

from __future__ import annotations

from dataclasses import replace

import torch

from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.capacity import LEAST_SCRATCH, SHARE_OF_MEMORY, largest_cube
from napari_hyperseg.learn.memory import free_bytes
from napari_hyperseg.net.budget import training_footprint
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.execution import Execution, usual_scratch
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.precision import fastest_precision

CPU_BLOCK_TRACES = 10 * 40  # more steps on smaller ones, fewer on larger ones: both learn less
CPU_BLOCK_HEIGHT = 256  # in samples, at most
BLOCKS_IN_BATCH = 2
LIVE_VOXELS, BATCH_VOXELS = 400_000, 4_000_000  # of a predicted box, on a CPU
SMALLEST_BATCH = 4096  # voxels

_REVERSIBLE, _STORE = Mode(), Mode("store")


def training_voxels(
    config: NetConfig, height: int, device: torch.device, shared_by: int = 1
) -> int:
    """Voxels of a batch for a training step: what fits on a GPU, what is quick on a CPU.

    Parameters
    ----------
    config : NetConfig
    height : int
        Samples in a trace.
    device : torch.device
    shared_by : int
        Processes that hold a block together.
    """
    most = shared_by * largest_cube(config, device) ** 3
    if device.type == "cpu":
        return min(most, BLOCKS_IN_BATCH * CPU_BLOCK_TRACES * min(height, CPU_BLOCK_HEIGHT))
    return most


def prediction_voxels(config: NetConfig, device: torch.device, live: bool) -> int:
    """Voxels of a box that is predicted at once; small where somebody waits for it."""
    most = largest_cube(config, device, training=False) ** 3
    if device.type == "cpu":
        return min(most, LIVE_VOXELS if live else BATCH_VOXELS)
    return most


def training_execution(
    config: NetConfig,
    shape: Shape,
    batch: int,
    device: torch.device,
    wanted: str | None = None,
) -> Execution:
    """How to train on blocks of a shape: everything stored where it fits, the fastest way.

    Parameters
    ----------
    config : NetConfig
    shape : tuple of int
        Of a block.
    batch : int
    device : torch.device
    wanted : str, optional
        The mode, see `Mode.parse`, where it is not to be chosen.
    """
    precision = fastest_precision(config, shape, device)
    if wanted is not None:
        return Execution(wanted, precision)
    execution = Execution(_STORE, precision)
    stored = training_footprint(config, shape, execution, device, batch).peak
    fits = stored <= SHARE_OF_MEMORY * free_bytes(device)
    return execution if fits else Execution(_REVERSIBLE, precision)


def thriftier_execution(execution: Execution, device: torch.device) -> Execution | None:
    """The next way to run that needs less memory; None if there is none."""
    scratch = execution.scratch_bytes or usual_scratch(device)
    if Mode.parse(str(execution.mode)).kind in ("store", "checkpoint"):
        return replace(execution, mode=_REVERSIBLE)
    if scratch > LEAST_SCRATCH:
        return replace(execution, scratch_bytes=max(LEAST_SCRATCH, scratch // 4))
    return None
