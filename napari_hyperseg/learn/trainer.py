"""Training: one optimiser step at a time, so that whoever drives it stays in charge.

Owns the network, its optimiser and the average of its weights.  Knows no clock, no events
and no commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np
import torch

from napari_hyperseg.errors import JobError, LabelError
from napari_hyperseg.learn.averaging import AveragedNet
from napari_hyperseg.learn.boxes import Shape, size, slab_shape, whole
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.descent import Descent
from napari_hyperseg.learn.drafts import Draft
from napari_hyperseg.learn.loss import class_weights
from napari_hyperseg.learn.memory import is_out_of_memory
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.objective import Objective, StepResult
from napari_hyperseg.learn.penalties import Penalties
from napari_hyperseg.learn.plan import (
    BLOCKS_IN_BATCH,
    SMALLEST_BATCH,
    thriftier_execution,
    training_execution,
    training_voxels,
)
from napari_hyperseg.learn.sampling import Sampler
from napari_hyperseg.learn.schedule import Course
from napari_hyperseg.learn.task import Task
from napari_hyperseg.learn.team import Team, differentiate
from napari_hyperseg.net.domain import least_rows
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.stability import StabilityGuard

LEARNING_RATE = 0.02  # spectral norm of a kernel's step; that of a fresh kernel is about 1.5
HOLD_EVERY = 20  # steps between two looks at the stability of the layers


class Trainer:
    """Trains a model on labelled surveys.

    Parameters
    ----------
    model : Model
        Trained in place.
    labelled : sequence of LabelledData
    device : torch.device
    seed : int
        Of the blocks that are drawn, together with the number of a step.
    mode : str, optional
        How backward passes get at the states, see `Mode.parse`; by default the fastest that
        fits into memory.
    penalties : Penalties
        Added to the loss.
    team : Team, optional
        Who shares the batches; by default nobody does.

    Attributes
    ----------
    course : Course
        What is done of the run that goes on.
    warnings : list of str
        What the user should know, a line each; whoever tells it clears the list.

    Raises
    ------
    LabelError
        If fewer than two classes are labelled.
    """

    def __init__(
        self,
        model: Model,
        labelled: Sequence[LabelledData],
        device: torch.device,
        seed: int,
        mode: str | None = None,
        penalties: Penalties = Penalties(),
        team: Team | None = None,
    ) -> None:
        self.model = model
        self.labelled = [source for source in labelled if len(source.training_traces)]
        self.device = device
        self.penalties = penalties
        self.team = team or Team()
        self.course = Course()
        self.steps_in_run = 0
        self.weights = self._weigh_classes(self.labelled)
        self.order = self.labelled[0].labels.order
        shapes = [source.data.shape for source in self.labelled]
        self._largest: Shape = tuple(max(extents) for extents in zip(*shapes, strict=True))  # type: ignore[assignment]
        self._voxels = training_voxels(
            model.net.config, self._largest[2], device, self.team.size if self.team.slabs else 1
        )
        self._seed = seed
        self.sampler = self._make_sampler()
        self.warnings: list[str] = []
        self._execute(training_execution(model.net.config, *self._own_part, device, mode))
        self.guard = StabilityGuard(model.net)
        self.descent = Descent(model.net, LEARNING_RATE)
        self.average = AveragedNet(model.net)

    def step(self, fraction: float) -> StepResult:
        """Draw a batch and improve the weights on it.

        Parameters
        ----------
        fraction : float
            Progress of the run, 0 to 1, for the learning rate.
        """
        self.descent.schedule(self.course.steps + self.steps_in_run, fraction)
        while True:
            try:
                result = self._descend()
                break
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self._need_less_memory(error)
        self.model.step += 1
        self.steps_in_run += 1
        if self.model.step % HOLD_EVERY == 0:
            self.guard.hold()
        return result

    def _descend(self) -> StepResult:
        net, objective = self.model.net, self._objective
        own = self.team.hand_out(net, self._plan(), self._task)
        result, usable = differentiate(
            net, objective, self.team, lambda: self.sampler.cut(own).to(self.device)
        )
        if usable and result.known:
            self.descent.take_step()
            self.average.update(net)
        return result

    @property
    def _objective(self) -> Objective:
        return Objective(self.order, self.weights, self.penalties)

    def _task(self, drafts: Sequence[Draft]) -> Task:
        """What another process needs for its part of a batch."""
        known = tuple(self.sampler.known(draft) for draft in drafts)
        return Task(self._objective, self.model.net.execution, tuple(drafts), known)

    def _need_less_memory(self, error: BaseException) -> None:
        """Step down: recompute instead of storing, then smaller slabs, then smaller blocks."""
        net = self.model.net
        self.descent.forget_gradients()
        if (thriftier := thriftier_execution(net.execution, self.device)) is not None:
            self._execute(thriftier)
            how = f"in mode {thriftier.mode}, with less scratch"
        elif self._voxels > SMALLEST_BATCH:
            self._voxels //= 2
            self.sampler = self._make_sampler()
            how = f"on blocks of {prod(self.sampler.slab)} voxels"
        else:
            raise JobError(
                "There is not enough memory for one training step on the smallest block. "
                "Close other programs, or train on a machine with more memory."
            ) from error
        self.warnings.append(f"Memory ran out: training goes on {how}.")

    def _execute(self, execution: Execution) -> None:
        self.model.net.execution = execution
        self.model.net.monitor.warn = self.warnings.append

    @property
    def averaged(self) -> Model:
        """The model with the average of the latest weights: steadier, used to predict."""
        return replace(self.model, net=self.average.net)

    def refresh_labels(self, every: Sequence[LabelledData]) -> None:
        """Use labels that changed, from the next step on."""
        labelled = [source for source in every if len(source.training_traces)]
        self.weights = self._weigh_classes(labelled)
        self.labelled = self.sampler.labelled = labelled

    def _weigh_classes(self, labelled: Sequence[LabelledData]) -> torch.Tensor:
        counts = np.zeros(self.model.n_classes + 1)
        for source in labelled:
            counts += source.training_counts
        present = np.count_nonzero(counts[1:])
        if present < 2:
            raise LabelError(
                f"{present} of the classes {'is' if present == 1 else 'are'} labelled. "
                "Label at least two classes, then train."
            )
        return class_weights(counts).to(self.device)

    def _plan(self) -> list[Draft]:
        """The blocks of a step do not depend on when the training was interrupted."""
        self.sampler.random = np.random.default_rng((self._seed, self.model.step))
        return self.sampler.plan()

    @property
    def _own_part(self) -> tuple[Shape, int]:
        """What one process computes at once: shape of a block, or of its slab, and how many."""
        across, along, height = self.sampler.slab
        if self.team.slabs:
            return (-(-across // self.team.size), along, height), self.sampler.batch
        return self.sampler.slab, self.sampler.batch // self.team.size

    def _make_sampler(self) -> Sampler:
        everything, config = size(whole(self._largest)), self.model.net.config
        batch = 1 if everything <= self._voxels < 2 * everything else BLOCKS_IN_BATCH
        across, along, height = slab_shape(self._largest, self._voxels // batch)
        if self.team.slabs:
            across = max(across, least_rows(config, self.team.size))
        else:
            batch = self.team.size * -(-batch // self.team.size)
        random, alike = np.random.default_rng(self._seed), (0 in config.axes) == (1 in config.axes)
        slab = across, max(along, across), height
        return Sampler(self.labelled, self.model.encoding, slab, batch, random, exchanges=alike)
