"""Training: one optimiser step at a time, so that whoever drives it stays in charge.

Owns the network, its optimiser and the average of its weights.  Knows no clock, no events
and no commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from napari_hyperseg.errors import JobError, LabelError
from napari_hyperseg.learn.averaging import AveragedNet
from napari_hyperseg.learn.boxes import Shape, size, slab_shape, whole
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.device import BLOCKS_IN_BATCH, training_voxels
from napari_hyperseg.learn.loss import accuracy, class_weights, masked_cross_entropy
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.optimiser import SpectralDescent
from napari_hyperseg.learn.sampling import Sampler
from napari_hyperseg.learn.schedule import learning_rate_share
from napari_hyperseg.net.hyperbolic import HyperbolicNet

LEARNING_RATE = 0.035  # spectral norm of a kernel's step; that of a fresh kernel is about 1.5
BIAS_SHARE = 0.3  # of that for a bias


@dataclass(frozen=True)
class StepResult:
    """Loss and accuracy on the batch, and its size in voxels."""

    loss: float
    accuracy: float
    voxels: int


class Trainer:
    """Trains a model on labelled surveys.

    Parameters
    ----------
    model : Model
        Trained in place.
    labelled : sequence of LabelledData
    device : torch.device
    seed : int

    Raises
    ------
    LabelError
        If fewer than two classes are labelled.
    """

    def __init__(
        self, model: Model, labelled: Sequence[LabelledData], device: torch.device, seed: int
    ) -> None:
        self.model = model
        self.labelled = [source for source in labelled if len(source.training_traces)]
        self.device = device
        self.steps_in_run = 0
        self.weights = self._weigh_classes(self.labelled)
        self.sampler = self._make_sampler(seed)
        self.optimiser = SpectralDescent(_parameter_groups(model.net), LEARNING_RATE)
        self.average = AveragedNet(model.net)

    def step(self, fraction: float) -> StepResult:
        """Draw a batch and improve the weights on it.

        Parameters
        ----------
        fraction : float
            Progress of the run, 0 to 1, for the learning rate.
        """
        share = learning_rate_share(self.steps_in_run, fraction)
        for group in self.optimiser.param_groups:
            group["lr"] = share * group["full_lr"]
        batch = self.sampler.draw().to(self.device)
        logits = self.model.net(batch.channels)
        loss = masked_cross_entropy(logits, batch.codes, self.weights)
        if (batch.codes > 0).any():
            self._descend(loss)
        self.model.step += 1
        self.steps_in_run += 1
        return StepResult(loss.item(), accuracy(logits, batch.codes), batch.codes.numel())

    def _descend(self, loss: torch.Tensor) -> None:
        if not torch.isfinite(loss):
            raise JobError(
                "Training diverged: the loss is no longer a number. Train a new model, or look "
                "for extreme amplitudes in the survey."
            )
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.average.update(self.model.net)

    @property
    def averaged(self) -> Model:
        """The model with the average of the latest weights: steadier, used to predict."""
        return Model(self.average.net, self.model.encoding, self.model.step)

    def refresh_labels(self, every: Sequence[LabelledData]) -> None:
        """Use labels that changed, from the next step on."""
        labelled = [source for source in every if len(source.training_traces)]
        self.weights = self._weigh_classes(labelled)
        self.labelled = self.sampler.labelled = labelled

    def _weigh_classes(self, labelled: Sequence[LabelledData]) -> torch.Tensor:
        counts = np.zeros(self.model.n_classes + 1, np.int64)
        for source in labelled:
            counts += source.training_counts
        present = np.count_nonzero(counts[1:])
        if present < 2:
            raise LabelError(
                f"{present} of the classes {'is' if present == 1 else 'are'} labelled. "
                "Label at least two classes, then train."
            )
        return class_weights(counts).to(self.device)

    def _make_sampler(self, seed: int) -> Sampler:
        shapes = [source.data.shape for source in self.labelled]
        largest: Shape = tuple(max(extents) for extents in zip(*shapes, strict=True))  # type: ignore[assignment]
        voxels = training_voxels(self.device, self.model.net.config.width, largest[2])
        everything = size(whole(largest))
        batch = 1 if everything <= voxels < 2 * everything else BLOCKS_IN_BATCH
        slab = slab_shape(largest, voxels // batch)
        return Sampler(self.labelled, self.model.encoding, slab, batch, seed)


def _parameter_groups(net: HyperbolicNet) -> list[dict[str, Any]]:
    """Kernels and biases, each with its full learning rate."""
    return [
        {"params": list(net.kernels), "full_lr": LEARNING_RATE},
        {"params": list(net.biases), "full_lr": BIAS_SHARE * LEARNING_RATE},
    ]
