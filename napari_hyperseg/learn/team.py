"""Who computes the gradients of a training step: one process, or several that share a batch.

One leads: it draws the blocks, keeps weights, optimiser and checkpoints, and hears the commands.
The others, if there are any, differentiate the blocks that they are given, and know nothing else.
The loss is that of the whole batch, so that it makes no difference how many share it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from torch import Tensor

from napari_hyperseg.errors import JobError
from napari_hyperseg.learn.batch import Batch
from napari_hyperseg.learn.descent import check_finite
from napari_hyperseg.learn.drafts import Draft
from napari_hyperseg.learn.objective import Objective, StepResult
from napari_hyperseg.learn.task import Task
from napari_hyperseg.net.hyperbolic import HyperbolicNet

T = TypeVar("T")


class TeamError(JobError):
    """A process that shares the training is gone."""


class Team:
    """A process by itself.

    Attributes
    ----------
    size : int
        Processes that share a batch.
    slabs : bool
        Whether they share each block of it, row by row, so that it may be larger; else each takes
        blocks.
    """

    size = 1
    slabs = False

    def hand_out(
        self, net: HyperbolicNet, drafts: Sequence[Draft], task: Callable[[Sequence[Draft]], Task]
    ) -> Sequence[Draft]:
        """Give the others the weights and their blocks of the next step; return one's own."""
        return drafts

    def attempt(self, work: Callable[[], T]) -> T | None:
        """Do a part of the work; None if there is not enough memory for it, and others wait."""
        return work()

    def add_up(self, sums: Tensor | None, n: int) -> Tensor:
        """Add up what all have; gradients of the result are those of one's own part.

        Parameters
        ----------
        sums : Tensor, shape (n,), optional
            None if there was not enough memory.
        n : int

        Raises
        ------
        MemoryError
            If there was not enough memory, here or elsewhere.
        TeamError
            If one of the others is gone.
        """
        assert sums is not None
        return sums

    def collect(self, net: HyperbolicNet, *, done: bool) -> bool:
        """Add up the gradients of all at who leads; tell whether they can be used.

        Parameters
        ----------
        net : HyperbolicNet
        done : bool
            Whether there was enough memory for one's own.

        Raises
        ------
        MemoryError, TeamError
            As for `add_up`.
        """
        return net.monitor.usable

    def dismiss(self) -> None:
        """Let the others go: there are no more steps."""


def differentiate(
    net: HyperbolicNet, objective: Objective, team: Team, cut: Callable[[], Batch]
) -> tuple[StepResult, bool]:
    """Find the gradients of a batch that a team shares.

    Parameters
    ----------
    net : HyperbolicNet
        Takes the gradients, those of the whole batch where the team is led.
    objective : Objective
    team : Team
    cut : callable
        Makes the part of the batch that is this process's own.

    Returns
    -------
    result : StepResult
        Of the whole batch.
    usable : bool
        Whether the gradients are good enough to be used.

    Raises
    ------
    DivergedError
        If the loss is no longer a number.
    MemoryError, RuntimeError
        If there is not enough memory.
    """
    sums = team.add_up(team.attempt(lambda: objective.sums(net, cut())), objective.n_sums)
    loss = objective.loss(sums)
    check_finite(loss)
    net.zero_grad()
    done = team.attempt(lambda: _backward(loss)) is not None
    return StepResult.of(loss, sums), team.collect(net, done=done)


def _backward(loss: Tensor) -> bool:
    loss.backward()
    return True
