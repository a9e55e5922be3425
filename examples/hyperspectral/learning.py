"""Training the hyperbolic network on a whole scene of which a few points are labelled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from examples.aquifer.orientation import Augmentation
from napari_hyperseg.learn.averaging import AveragedNet
from napari_hyperseg.learn.descent import Descent
from napari_hyperseg.learn.loss import class_weights
from napari_hyperseg.learn.schedule import progress
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig, Stage

LEARNING_RATE = 0.05  # spectral norm of a kernel's step
CHANNELS = 2  # of the two dates
ROW, COLUMN, WAVELENGTH = 0, 1, 2
ORIENTATIONS = Augmentation.ALL.orientations


@dataclass(frozen=True)
class Settings:
    """The network's shape, and how to train it.

    Parameters
    ----------
    steps : int
        Of each network.
    members : int
        Networks that are trained from different starts; their probabilities are averaged.
    minutes : float or None
        Stop each network after this long, if that comes first.
    width : int
        Channels of the network's state at full resolution.
    rank : int
        Hidden channels of every layer.
    path : tuple of (int, int)
        Levels and numbers of layers; the last level is 1, that of the map.
    step_size : float
        h of the leapfrog step.
    noise : float
        Standard deviation of what is added to the data in each step, in theirs.
    seed : int
    """

    steps: int = 75
    members: int = 3
    minutes: float | None = None
    width: int = 4
    rank: int = 4
    path: tuple[tuple[int, int], ...] = ((0, 0), (1, 4))
    step_size: float = 0.9
    noise: float = 0.3
    seed: int = 0


PAPER = Settings(members=1, width=16, rank=16, path=((0, 6), (1, 12)), step_size=0.2)
"""18 layers, one Haar transform, h^2 = 0.04: arXiv 2407.00595, the hyperspectral example."""

Report = Callable[[int, float, float], None]
"""Called with the step, the loss and the seconds since the start."""


def network(n_classes: int, settings: Settings) -> HyperbolicNet:
    """Make an untrained network from two dates to a map at half resolution."""
    torch.manual_seed(settings.seed)
    config = NetConfig(
        in_channels=CHANNELS,
        n_classes=n_classes,
        width=settings.width,
        path=tuple(Stage(level, layers, settings.rank) for level, layers in settings.path),
        axes=(ROW, COLUMN, WAVELENGTH),
        step_size=settings.step_size,
        dimensions=3,
        map_axis=WAVELENGTH,
    )
    return HyperbolicNet(config)


def train(
    net: HyperbolicNet, inputs: Tensor, labels: Tensor, settings: Settings, report: Report
) -> HyperbolicNet:
    """Train on the whole scene in random orientations; return the averaged network.

    Parameters
    ----------
    net : HyperbolicNet
        Trained in place, where it is.
    inputs : Tensor of float32, shape (2, wavelengths, rows, columns)
        Mean and difference of the dates.
    labels : Tensor of int64, shape (half the rows, half the columns)
        0 = unknown: it takes no part.
    settings : Settings
    report : callable

    Raises
    ------
    JobError
        If the loss is no longer a number.
    """
    counts = torch.bincount(labels.flatten(), minlength=net.config.n_classes + 1)
    weights = class_weights(counts.cpu().numpy()).to(labels.device)
    views = Views(inputs, labels, settings, net.config.n_classes == 2)
    descent, average = Descent(net, LEARNING_RATE), AveragedNet(net)
    start = time.monotonic()
    for step in range(settings.steps):
        seconds = time.monotonic() - start
        fraction = progress(step, settings.steps, seconds, settings.minutes)
        if fraction >= 1:
            break
        descent.schedule(step, fraction)
        shown, codes = views.draw()
        known = codes > 0
        loss = cross_entropy(net(shown, where=known), codes[known] - 1, weights)
        if descent.descend(loss):
            average.update(net)
        report(step + 1, loss.item(), time.monotonic() - start)
    return average.net


class Views:
    """Shows the scene in random orientations, with noise; for plain change, dates may swap.

    Parameters
    ----------
    inputs, labels : Tensor
        See `train`.
    settings : Settings
    symmetric : bool
        What changed from the first date to the second changed from the second to the first.
    """

    def __init__(self, inputs: Tensor, labels: Tensor, settings: Settings, symmetric: bool) -> None:
        self.inputs, self.labels = inputs, labels
        self.noise, self.symmetric = settings.noise, symmetric
        self._rng = np.random.default_rng(settings.seed)

    def draw(self) -> tuple[Tensor, Tensor]:
        """Return data (1, 2, rows, columns, wavelengths) and codes of the map."""
        way = ORIENTATIONS[self._rng.integers(len(ORIENTATIONS))]
        shown = way.apply(self.inputs)
        if self.symmetric and self._rng.integers(2):
            shown = torch.stack([shown[0], -shown[1]])
        shown = shown + self.noise * torch.randn_like(shown)
        return as_block(shown), way.apply(self.labels)[None]


def as_block(inputs: Tensor) -> Tensor:
    """From (channels, wavelengths, rows, columns) to the network's order, a batch of one."""
    return inputs.movedim(1, -1)[None].contiguous()


@torch.no_grad()
def class_probabilities(net: HyperbolicNet, inputs: Tensor) -> Tensor:
    """Predict the map, averaged over orientations.

    Parameters
    ----------
    net : HyperbolicNet
    inputs : Tensor, shape (2, wavelengths, rows, columns)
        Rows and columns are even.

    Returns
    -------
    Tensor, shape (n_classes, rows / 2, columns / 2)
    """
    found = [way.undo(net(as_block(way.apply(inputs)))[0].softmax(0)) for way in ORIENTATIONS]
    return torch.stack(found).mean(0)
