"""The fastest precision of the convolutions on a device, measured there."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import lru_cache

import torch

from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import HyperbolicNet

CANDIDATES = ("float32", "tf32", "bf16")  # each has to be that much faster than those before
WORTH_IT = 1.1
REPEATS = 3
LARGEST_TRIAL = 64  # voxels a side


@lru_cache(maxsize=32)
def fastest_precision(config: NetConfig, shape: tuple[int, ...], device: torch.device) -> str:
    """Run a small volume in every precision; take the fastest one.

    Parameters
    ----------
    config : NetConfig
    shape : tuple of int
        Of the data to come; no larger volume is tried.
    device : torch.device

    Returns
    -------
    str
        A name in `napari_hyperseg.net.execution.PRECISIONS`; "float32" on a CPU, where
        lower precisions are emulated as a rule.
    """
    if device.type != "cuda":
        return CANDIDATES[0]
    trial = config.padded([min(size, LARGEST_TRIAL) for size in shape])
    return _choose({name: _seconds(config, trial, device, name) for name in CANDIDATES})


def _choose(seconds: dict[str, float]) -> str:
    chosen, *others = seconds
    for name in others:
        if seconds[name] * WORTH_IT < seconds[chosen]:
            chosen = name
    return chosen


def _seconds(config: NetConfig, shape: Sequence[int], device: torch.device, name: str) -> float:
    net = HyperbolicNet(config, Execution(precision=name)).to(device)
    data = torch.zeros(1, config.in_channels, *shape, device=device)
    where = torch.zeros(1, *config.output_shape(shape), dtype=torch.bool, device=device)
    where.view(-1)[0] = True

    def step() -> None:
        net(data, where).sum().backward()

    step()
    return min(_timed(step, device) for _ in range(REPEATS))


def _timed(step: Callable[[], None], device: torch.device) -> float:
    torch.cuda.synchronize(device)
    began = time.perf_counter()
    step()
    torch.cuda.synchronize(device)
    return time.perf_counter() - began
