"""Training the hyperbolic network on windows of a partly mapped area."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from examples.aquifer.orientation import Augmentation
from examples.aquifer.windows import Windows
from napari_hyperseg.learn.averaging import AveragedNet
from napari_hyperseg.learn.descent import Descent
from napari_hyperseg.learn.plan import training_execution
from napari_hyperseg.learn.schedule import progress
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig, valley
from napari_hyperseg.net.stability import StabilityGuard

LEARNING_RATE = 0.035  # spectral norm of a kernel's step
HOLD_EVERY = 20  # steps between two looks at the stability of the layers


@dataclass(frozen=True)
class Settings:
    """How to train.

    Parameters
    ----------
    steps : int
    minutes : float or None
        Stop after this long, if that comes first.
    window : int
        Side of the window shown in a step, in pixels.
    width : int
        Channels of the network's state at full resolution, at least.
    layers : tuple of int
        Layers on each level, finest first; their number is that of the levels.
    ranks : tuple of int
        Hidden channels of a layer on each level.
    augmentation : Augmentation
    jitter : float
        Standard deviation of the logarithm of the gain of a channel in a step.
    seed : int
    """

    steps: int = 300
    minutes: float | None = None
    window: int = 192
    width: int = 12
    layers: tuple[int, ...] = (1, 2, 2, 2)
    ranks: tuple[int, ...] = (32, 16, 16, 16)
    augmentation: Augmentation = Augmentation.ALL
    jitter: float = 0.2
    seed: int = 0


Report = Callable[[int, float, float], None]
"""Called with the step, the loss and the seconds since the start."""


def network(in_channels: int, n_classes: int, settings: Settings) -> HyperbolicNet:
    """Make an untrained network for maps."""
    torch.manual_seed(settings.seed)
    config = NetConfig(
        in_channels=in_channels,
        n_classes=n_classes,
        width=max(settings.width, in_channels, n_classes),
        path=valley(settings.layers, settings.ranks),
        axes=(0, 1),
        dimensions=2,
    )
    return HyperbolicNet(config)


def train(
    net: HyperbolicNet, inputs: Tensor, labels: Tensor, settings: Settings, report: Report
) -> HyperbolicNet:
    """Train on windows around labels; return the network with averaged weights.

    Parameters
    ----------
    net : HyperbolicNet
        Trained in place, where it is.
    inputs : Tensor of float32, shape (channels, rows, columns)
    labels : Tensor of int64, shape (rows, columns)
        0 = unknown: it takes no part.
    settings : Settings
    report : callable

    Raises
    ------
    JobError
        If the loss is no longer a number.
    """
    windows = Windows(
        inputs, labels, settings.window, settings.augmentation, settings.seed, settings.jitter
    )
    net.execution = training_execution(net.config, windows.shape, 1, inputs.device)
    descent, average, guard = Descent(net, LEARNING_RATE), AveragedNet(net), StabilityGuard(net)
    start = time.monotonic()
    for step in range(settings.steps):
        seconds = time.monotonic() - start
        fraction = progress(step, settings.steps, seconds, settings.minutes)
        if fraction >= 1:
            break
        descent.schedule(step, fraction)
        shown, codes = windows.draw()
        known = codes > 0
        loss = cross_entropy(net(shown, where=known), codes[known] - 1)
        if descent.descend(loss):
            average.update(net)
        if (step + 1) % HOLD_EVERY == 0:
            guard.hold()
        report(step + 1, loss.item(), time.monotonic() - start)
    return average.net
