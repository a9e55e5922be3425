"""What training asks of a batch: the loss of what is labelled, and the penalties.

Both are made of sums over voxels, so that a batch can be shared out: each part has its own sums,
and the loss is that of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.batch import Batch
from napari_hyperseg.learn.loss import balanced_sums, mean_of, right
from napari_hyperseg.learn.penalties import Penalties
from napari_hyperseg.net.hyperbolic import HyperbolicNet

_COSTS = slice(0, 2)
_VOXELS, _KNOWN, _RIGHT = 2, 3, 4
_PENALTIES = slice(5, None)


@dataclass(frozen=True)
class Objective:
    """How good a network is on a batch.

    Parameters
    ----------
    order : tuple of int
        All codes from top to bottom.
    weights : Tensor of float32, shape (n_classes,)
        Of the classes, by code, from 1.
    penalties : Penalties
    """

    order: Order
    weights: Tensor
    penalties: Penalties = field(default_factory=Penalties)

    @property
    def n_sums(self) -> int:
        """How many sums there are."""
        return 5 + (3 + len(self.penalties.shares) if self.penalties else 0)

    def sums(self, net: HyperbolicNet, batch: Batch) -> Tensor:
        """Run the network on a batch.

        Returns
        -------
        Tensor of float32, shape (n_sums,)
            Weighted costs and their weights; voxels, those of which something is known, and those
            of them that are right; what penalties are made of.
        """
        known = batch.limits[:, 0] > 0
        limits = batch.limits.movedim(1, 0)[:, known]
        logits, besides = self._predict(net, batch, known)
        costs = balanced_sums(logits, limits, self.order, self.weights, batch.weights[known])
        fit = right(logits, limits, self.order)
        counts = costs.new_tensor([known.numel(), fit.numel(), 0])
        counts[-1] = fit.sum()
        return torch.cat([costs, counts, besides])

    def loss(self, sums: Tensor) -> Tensor:
        """What sums, be they of a part or of all, make as a loss; a scalar."""
        loss = mean_of(sums[_COSTS])
        return loss + self.penalties.cost(sums[_PENALTIES]) if self.penalties else loss

    def _predict(self, net: HyperbolicNet, batch: Batch, known: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the known voxels, shape (voxels, n_classes), and the sums of penalties."""
        if not self.penalties:
            logits = net(batch.channels, known)
            return logits, logits.new_zeros(0)
        logits = net(batch.channels)
        besides = self.penalties.sums(logits, batch.channels[:, 0])
        return logits.movedim(1, -1)[known], besides


@dataclass(frozen=True)
class StepResult:
    """How a step found its batch.

    Parameters
    ----------
    loss : float
    accuracy : float
        Share of the voxels of which something is known that are right; NaN without any.
    voxels : int
    known : int
        Of which something is known.
    """

    loss: float
    accuracy: float
    voxels: int
    known: int

    @classmethod
    def of(cls, loss: Tensor, sums: Tensor) -> StepResult:
        """Read the counts among the sums."""
        counts = sums.detach().tolist()
        voxels, known, fit = counts[_VOXELS], counts[_KNOWN], counts[_RIGHT]
        return cls(loss.item(), fit / known if known else float("nan"), round(voxels), round(known))
