"""The chain as one function of data and parameters: the only autograd.Function.

It owns the states: made from the data, advanced and taken back in their own memory, read
and dropped, two of them forward, their two adjoints beside them backward.  The parameters
are inputs of the function, so that autograd, DistributedDataParallel and gradient
accumulation treat them as they treat any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.drift import DriftMonitor
from napari_hyperseg.net.layout import channels_last
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.reading import Reading, distance_from_lifted, lift, lift_transposed
from napari_hyperseg.net.steps import State, Step
from napari_hyperseg.net.tape import tape_for

QUIET = 1e-2  # norm of the data, over that of the last state, below which they count as blank


@dataclass(frozen=True)
class Chain:
    """What one pass computes, and how.

    Parameters
    ----------
    steps : sequence of Step
    width : int
        Channels of the first state.
    reading : Reading
    how : Arithmetic
    mode : Mode
    monitor : DriftMonitor
        Told how accurate the backward pass was.
    """

    steps: Sequence[Step]
    width: int
    reading: Reading
    how: Arithmetic
    mode: Mode
    monitor: DriftMonitor


def propagate(
    chain: Chain, data: Tensor, where: Tensor | None, parameters: Sequence[Tensor]
) -> Tensor:
    """Run the chain on the data and read the logits.

    Parameters
    ----------
    chain : Chain
    data : Tensor, shape (batch, in_channels, *spatial)
    where : Tensor of bool, shape (batch, *output shape), optional
        Voxels to read.
    parameters : sequence of Tensor
        Of all steps, one after the other.

    Returns
    -------
    Tensor, shape (batch, n_classes, *output shape) or (voxels, n_classes)
    """
    return _Propagate.apply(chain, where, data, *parameters)


def run(
    steps: Sequence[Step], state: State, parameters: Sequence[Tensor], how: Arithmetic
) -> State:
    """Advance a state through the chain, in its own memory, without gradients."""
    for step, own in zip(steps, own_parameters(steps, parameters), strict=True):
        state = step.forward(state, own, how)
    return state


def rewind(
    steps: Sequence[Step], state: State, parameters: Sequence[Tensor], how: Arithmetic
) -> State:
    """Recover the input of `run` from its output, in its own memory."""
    pairs = list(zip(steps, own_parameters(steps, parameters), strict=True))
    for step, own in reversed(pairs):
        state = step.inverse(state, own, how)
    return state


def own_parameters(steps: Sequence[Step], parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Each step's own part of what belongs to all parameters."""
    parts, start = [], 0
    for step in steps:
        parts.append(tuple(parameters[start : start + step.n_parameters]))
        start += step.n_parameters
    return parts


class _Propagate(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, chain: Chain, where: Tensor | None, data: Tensor, *parameters: Tensor
    ) -> Tensor:
        how, tape = chain.how, tape_for(chain.mode, chain.steps)
        with how.switches():
            state = lift(data, chain.width, how.storage)
            for index, own in enumerate(own_parameters(chain.steps, parameters)):
                state = tape.forward(index, state, own, how)
            how.workspace.clear()
            logits = chain.reading.read(state.position, where, how.storage)
        ctx.chain, ctx.end = chain, state.position.shape
        # The saved state stands before this step; beside it, to be packed and moved as it is.
        standing = torch.tensor(len(chain.steps), device=data.device)
        saved = (*state, standing) if tape.rewinds else (None, None, None)
        ctx.save_for_backward(where, data, *saved, *parameters, *tape.kept)
        return logits

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        where, data, position, velocity, standing, *rest = ctx.saved_tensors
        count = sum(step.n_parameters for step in ctx.chain.steps)
        walk = _BackwardWalk(ctx.chain, rest[:count], rest[count:], ctx.needs_input_grad[2:])
        with ctx.chain.how.switches():
            if standing is not None:
                walk.stand_at_end(State(position.data, velocity.data), standing)
            adjoint = _adjoint_of_end(ctx, gradient, where, data)
            adjoint = walk.go(adjoint, standing)
            ctx.chain.how.workspace.clear()
            walk.look_back(data)
            wanted = ctx.needs_input_grad[2]
            of_data = lift_transposed(adjoint.position, data.shape[1]) if wanted else None
        return (None, None, of_data, *walk.gradients)


def _adjoint_of_end(ctx: Any, gradient: Tensor, where: Tensor | None, data: Tensor) -> State:
    """The loss depends on what was read of the last position, on nothing else."""
    order = channels_last(len(ctx.end))
    shape = {"size": ctx.end, "dtype": data.dtype, "device": data.device}
    fields = [torch.empty(**shape, memory_format=order).zero_() for _ in range(2)]
    ctx.chain.reading.write(fields[0], gradient, where)
    return State(*fields)


class _BackwardWalk:
    """Goes along a chain from its end to the first step that matters, once."""

    def __init__(
        self,
        chain: Chain,
        parameters: Sequence[Tensor],
        kept: Sequence[Tensor],
        needed: Sequence[bool],
    ) -> None:
        self.chain = chain
        self.own = own_parameters(chain.steps, parameters)
        self.tape = tape_for(chain.mode, chain.steps)
        self.tape.kept = list(kept)
        self.wanted = [any(part) for part in own_parameters(chain.steps, needed[1:])]
        self.first = 0 if needed[0] else _first(self.wanted)
        self.state: State | None = None
        self.least = 0.0
        self.gradients: list[Tensor | None] = [None] * len(parameters)

    def stand_at_end(self, state: State, standing: Tensor) -> None:
        """Bring the saved state to the end: a pass before this one may have taken it back."""
        steps, start = self.chain.steps, int(standing)
        for step in reversed(steps[start:]):
            state = step.seen_before(state)
        for step, own in zip(steps[start:], self.own[start:], strict=True):
            state = step.forward(state, own, self.chain.how)
        self.state = state
        if state.position.is_floating_point():  # blank data, and biases, still make waves
            self.least = float(QUIET * torch.linalg.vector_norm(state.position)) ** 2

    def go(self, adjoint: State, standing: Tensor | None) -> State:
        """Pull the adjoint back, step by step; the state goes along in the saved memory."""
        end = len(self.gradients)
        for index in reversed(range(self.first, len(self.own))):
            own, wanted = self.own[index], self.wanted[index]
            pullback = self.tape.backward(index, self.state, adjoint, own, self.chain.how, wanted)
            self.state, adjoint = pullback.state, pullback.adjoint
            begin = end - len(own)
            self.gradients[begin:end] = pullback.gradients or [None] * len(own)
            end = begin
        if standing is not None:
            standing.data.fill_(self.first)
        return adjoint

    def look_back(self, data: Tensor) -> None:
        """Compare the state with the real one, where it is at the beginning again."""
        errors = self.tape.errors
        if self.state is not None and self.first == 0:
            storage = self.chain.how.storage
            errors = [*errors, distance_from_lifted(self.state, data, storage, self.least)]
        if errors:
            self.chain.monitor.settle(self.chain.mode, max(errors))


def _first(wanted: Sequence[bool]) -> int:
    """The first step that has a gradient; the end, if none has."""
    return wanted.index(True) if True in wanted else len(wanted)
