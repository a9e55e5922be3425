"""The descent of a training: steps of a given spectral norm, and how far it has come."""

from __future__ import annotations

import torch
from torch import Tensor

from napari_hyperseg.errors import JobError
from napari_hyperseg.learn.optimiser import SpectralDescent
from napari_hyperseg.learn.schedule import learning_rate_share
from napari_hyperseg.net.hyperbolic import HyperbolicNet

BIAS_SHARE = 0.3


class Descent:
    """The optimiser of a network, and its schedule.

    Parameters
    ----------
    net : HyperbolicNet
    learning_rate : float
        Spectral norm of a kernel's step.
    """

    def __init__(self, net: HyperbolicNet, learning_rate: float) -> None:
        self._net = net
        groups = [
            {"params": list(net.kernels), "full_lr": learning_rate},
            {"params": list(net.biases), "full_lr": BIAS_SHARE * learning_rate},
        ]
        self._optimiser = SpectralDescent(groups, learning_rate)

    def schedule(self, step: int, fraction: float) -> None:
        """Set the rates for a step, a fraction of the training being done."""
        for group in self._optimiser.param_groups:
            group["lr"] = group["full_lr"] * learning_rate_share(step, fraction)

    def descend(self, loss: Tensor) -> None:
        """Take a step, unless the gradients cannot be used.

        Raises
        ------
        JobError
            If the loss is no longer a number.
        """
        if not torch.isfinite(loss):
            raise JobError("Training diverged. Look for extreme values in the data.")
        self._optimiser.zero_grad()
        loss.backward()
        if self._net.monitor.usable:
            self._optimiser.step()


def progress(step: int, steps: int, minutes: float | None, seconds: float) -> float:
    """How much of a training is done, by steps or by time, whichever is more; 1 = all."""
    by_time = seconds / (60 * minutes) if minutes else 0.0
    return max(step / steps, by_time)
