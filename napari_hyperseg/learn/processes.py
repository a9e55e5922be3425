"""Several processes that share the batches of a training, by torch.distributed.

Gradients and weights go by collective operations (gloo on CPUs, NCCL between GPUs); what a
process has to do is left for it in the store in which they all met.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

import torch
from torch import Tensor, distributed

from napari_hyperseg.errors import JobError
from napari_hyperseg.learn.drafts import Draft
from napari_hyperseg.learn.meeting import GONE, LEADER, Meeting, others_heard, put, wait_for
from napari_hyperseg.learn.memory import is_out_of_memory
from napari_hyperseg.learn.task import Task
from napari_hyperseg.learn.team import Team, TeamError
from napari_hyperseg.net.domain import Domain, cut
from napari_hyperseg.net.hyperbolic import HyperbolicNet

logger = logging.getLogger(__name__)
T = TypeVar("T")

LONGEST_STEP = timedelta(minutes=30)  # who is not heard of for so long is gone
_TOO_LARGE = (
    "There is not enough memory for a slab of a block. Let more workers share it, or close other "
    "programs on their machines."
)
_BACKENDS = {"cpu": "gloo", "cuda": "cpu:gloo,cuda:nccl"}


class MemoryRanOutError(MemoryError):
    """There was not enough memory for a step, in one process or another."""


class ProcessTeam(Team):
    """One of several processes that share batches.

    Parameters
    ----------
    meeting : Meeting
    device : torch.device
    slabs : bool
        Whether they share each block, instead of the blocks of a batch.
    """

    def __init__(self, meeting: Meeting, device: torch.device, *, slabs: bool = False) -> None:
        self.meeting, self.device, self.size = meeting, device, meeting.size
        self.slabs = slabs
        self._store, self._rank = meeting.store, meeting.rank
        self._steps = 0
        self._idle = True  # nobody waits for anybody

    def join(self) -> None:
        """Form the group, once all others are about to.

        Raises
        ------
        TeamError
            If one does not come.
        """
        with others_heard():
            distributed.init_process_group(
                _BACKENDS[self.device.type],
                store=distributed.PrefixStore("group", self._store),
                rank=self._rank,
                world_size=self.size,
                timeout=LONGEST_STEP,
            )

    def _enter(self, net: HyperbolicNet) -> None:
        """Begin a step: with the leader's weights, and its neighbours' rows if there are some."""
        self._take_weights_of_leader(net)
        net.domain = Domain() if self.slabs else None

    def leave(self) -> None:
        """Leave the group: all together, unless some wait for others in vain."""
        if not distributed.is_initialized():
            return
        if self._idle:
            with suppress(TeamError), others_heard():
                distributed.barrier()
        distributed.destroy_process_group()

    def attempt(self, work: Callable[[], T]) -> T | None:
        """Do a part of the work; None if there is not enough memory for it."""
        try:
            return work()
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                if _is_of_others(error):
                    raise TeamError(GONE) from error
                raise
            if self.slabs:  # the neighbours wait for its rows
                raise JobError(_TOO_LARGE) from error
            logger.info("Memory does not suffice: %s", error)
            return None

    def add_up(self, sums: Tensor | None, n: int) -> Tensor:
        """Add up what all have."""
        failed = torch.tensor([float(sums is None)], device=self.device)
        own = torch.zeros(n, device=self.device) if sums is None else sums
        total: Tensor = _Summed.apply(torch.cat([own, failed]))
        if total[-1] > 0:
            self._idle = True
            raise MemoryRanOutError
        return total[:-1]

    def collect(self, net: HyperbolicNet, *, done: bool) -> bool:
        """Add up the gradients of all at who leads."""
        parameters = list(net.parameters())
        state = parameters[0].new_tensor([not done, not net.monitor.usable])
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        total = torch.cat([*(gradient.flatten() for gradient in gradients), state])
        net.zero_grad()
        net.domain = None
        with others_heard():
            distributed.reduce(total, LEADER)
        self._idle = True
        if self._rank != LEADER:
            return False
        failed, unusable = total[-2:]
        if failed > 0:
            raise MemoryRanOutError
        for parameter, part in zip(parameters, _parts(total[:-2], parameters), strict=True):
            parameter.grad = part
        return not bool(unusable)

    def _take_weights_of_leader(self, net: HyperbolicNet) -> None:
        self._idle = False
        parameters = list(net.parameters())
        weights = torch.cat([parameter.detach().flatten() for parameter in parameters])
        with others_heard():
            distributed.broadcast(weights, LEADER)
        if self._rank != LEADER:
            for parameter, part in zip(parameters, _parts(weights, parameters), strict=True):
                parameter.detach().copy_(part)

    def _place_of(self, rank: int) -> str:
        """Name of what is left for a process to do in this step."""
        return f"task/{self._steps}/{rank}"


class Leader(ProcessTeam):
    """The process that draws blocks and keeps the weights."""

    def hand_out(
        self, net: HyperbolicNet, drafts: Sequence[Draft], task: Callable[[Sequence[Draft]], Task]
    ) -> Sequence[Draft]:
        """Give the others the weights and their blocks of the next step; return one's own."""
        own, *others = self._parts_of(net, drafts)
        for rank, part in enumerate(others, start=1):
            packed = task(part).packed()
            with others_heard():
                put(self._store, self._place_of(rank), packed)
        self._steps += 1
        self._enter(net)
        return own

    def _parts_of(self, net: HyperbolicNet, drafts: Sequence[Draft]) -> list[Sequence[Draft]]:
        """Share out blocks, or slabs of each, by rank."""
        if not self.slabs:
            return [drafts[rank :: self.size] for rank in range(self.size)]
        rows = cut(net.config, drafts[0].n_rows, self.size)
        return [[draft.slab(*these) for draft in drafts] for these in rows]

    def dismiss(self) -> None:
        """Let the others go."""
        with suppress(TeamError), others_heard():
            for rank in range(1, self.size):
                put(self._store, self._place_of(rank), b"")
        self.leave()


class Helper(ProcessTeam):
    """A process that does what it is told."""

    def tasks(self, net: HyperbolicNet) -> Iterator[Task]:
        """Wait for one step after another, with the weights in `net`, until dismissed.

        Raises
        ------
        TeamError
            If who leads is gone.
        """
        while packed := self._next_task():
            task = Task.unpacked(packed, self.device)
            self._enter(net)
            yield task

    def _next_task(self) -> bytes:
        place = self._place_of(self._rank)
        self._steps += 1
        self._idle = False
        packed = wait_for(self._store, place)
        self._idle = True
        assert packed is not None
        self._store.delete_key(place)
        return packed


class _Summed(torch.autograd.Function):
    """The sum over all processes, of which each differentiates its own part."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, part: Tensor) -> Tensor:
        total = part.detach().clone()
        with others_heard():
            distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, *gradients: Tensor) -> Tensor:
        return gradients[0]


def _is_of_others(error: BaseException) -> bool:
    """Whether a computation failed because rows of another process did not come."""
    return isinstance(error, distributed.DistError) or "gloo/transport" in str(error)


def _parts(together: Tensor, parameters: Sequence[Tensor]) -> list[Tensor]:
    """Cut what was strung together into pieces of the shapes of parameters."""
    pieces = together.split([parameter.numel() for parameter in parameters])
    return [piece.view_as(one) for piece, one in zip(pieces, parameters, strict=True)]
