"""The descent of a network: its optimiser, and the rates of a run."""

from __future__ import annotations

import torch
from torch import Tensor

from napari_hyperseg.errors import JobError
from napari_hyperseg.learn.optimiser import SpectralDescent
from napari_hyperseg.learn.schedule import learning_rate_share
from napari_hyperseg.net.hyperbolic import HyperbolicNet

BIAS_SHARE = 0.3  # of a kernel's learning rate


class DivergedError(JobError):
    """The loss is no longer a number."""


def check_finite(loss: Tensor) -> None:
    """Make sure that a loss is a number.

    Raises
    ------
    DivergedError
        If not.
    """
    if not torch.isfinite(loss):
        raise DivergedError(
            "Training diverged: the loss is no longer a number. Train a new model, or look "
            "for extreme values in the data."
        )


class Descent:
    """Improves the weights of a network, step by step.

    Parameters
    ----------
    net : HyperbolicNet
    learning_rate : float
        Spectral norm of a kernel's step, at full rate.
    """

    def __init__(self, net: HyperbolicNet, learning_rate: float) -> None:
        self._net = net
        groups = [
            {"params": list(net.kernels), "full_lr": learning_rate},
            {"params": list(net.biases), "full_lr": BIAS_SHARE * learning_rate},
        ]
        self._optimiser = SpectralDescent(groups, learning_rate)

    @property
    def momentum(self) -> dict[Tensor, Tensor]:
        """What the next step remembers of the last ones, by parameter."""
        return self._optimiser.momentum

    def schedule(self, step: int, fraction: float) -> None:
        """Set the rates for a step, a fraction of the run being done."""
        share = learning_rate_share(step, fraction)
        for group in self._optimiser.param_groups:
            group["lr"] = share * group["full_lr"]

    def descend(self, loss: Tensor) -> bool:
        """Take a step, unless the gradients cannot be used; tell whether it was taken.

        Raises
        ------
        DivergedError
            If the loss is no longer a number.
        """
        check_finite(loss)
        self.forget_gradients()
        loss.backward()
        usable = self._net.monitor.usable
        if usable:
            self.take_step()
        return usable

    def take_step(self) -> None:
        """Improve the weights by the gradients they have."""
        self._optimiser.step()

    def forget_gradients(self) -> None:
        """Free their memory."""
        self._optimiser.zero_grad()
