"""What is kept of the forward pass, and how the backward pass walks along the chain with it.

A tape keeps nothing (the states are recomputed from the last one), copies of the state at
intervals, or the inputs and hidden tensors of all layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.drift import distance
from napari_hyperseg.net.haar_step import HaarStep
from napari_hyperseg.net.leapfrog import LeapfrogStep
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.state import Adjoint, Parameters, Pullback, State, Step
from napari_hyperseg.net.stored import backward_stored, forward_stored


class Tape(Protocol):
    """Runs single steps of a chain and keeps tensors in `kept`.

    Attributes
    ----------
    kept : list of Tensor
        Filled by `forward`, to be handed to autograd, and back before `backward`.
    errors : list of float
        Relative errors of recomputed states, as far as `backward` saw them.
    rewinds : bool
        Whether the backward pass needs the last state, and takes it back to the first.
    """

    kept: list[Tensor]
    errors: list[float]
    rewinds: bool

    def forward(self, index: int, state: State, own: Parameters, how: Arithmetic) -> State:
        """Run step `index`."""
        ...

    def backward(
        self,
        index: int,
        state: State | None,
        adjoint: Adjoint,
        own: Parameters,
        how: Arithmetic,
        wanted: bool,
    ) -> Pullback:
        """Pull an adjoint back through step `index`."""
        ...


def tape_for(mode: Mode, steps: Sequence[Step]) -> Tape:
    """Make the tape of a mode."""
    return StoringTape(steps) if mode.kind == "store" else RewindingTape(steps, mode.interval)


class RewindingTape:
    """Keeps a copy of the state every `interval` layers, or none; the rest is recomputed."""

    rewinds = True

    def __init__(self, steps: Sequence[Step], interval: int | None) -> None:
        self.steps = steps
        self.kept: list[Tensor] = []
        self.errors: list[float] = []
        layers = [i for i, step in enumerate(steps) if isinstance(step, LeapfrogStep)]
        due = layers[interval::interval] if interval else []
        self._slots = {index: 2 * slot for slot, index in enumerate(due)}

    def forward(self, index: int, state: State, own: Parameters, how: Arithmetic) -> State:
        """Run a step in place, after a copy where one is due."""
        if index in self._slots:
            self.kept += [field.clone() for field in state]
        return self.steps[index].forward(state, own, how)

    def backward(
        self,
        index: int,
        state: State | None,
        adjoint: Adjoint,
        own: Parameters,
        how: Arithmetic,
        wanted: bool,
    ) -> Pullback:
        """Take the state back in place; where there is a copy, put it in its place."""
        assert state is not None
        pullback = self.steps[index].backward(state, adjoint, own, how, wanted)
        before = pullback.state
        if before is not None and index in self._slots:
            slot = self._slots[index]
            copy = State(*self.kept[slot : slot + 2])
            self.errors.append(distance(before.position, copy.position, how.subdomain))
            for field, kept in zip(before, copy, strict=True):
                field.copy_(kept)
        return pullback


class StoringTape:
    """Keeps the input and the hidden tensor of every layer; nothing is computed twice."""

    rewinds = False

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self.kept: list[Tensor] = []
        self.errors: list[float] = []
        layers = [i for i, step in enumerate(steps) if isinstance(step, LeapfrogStep)]
        self._slots = {index: 2 * slot for slot, index in enumerate(layers)}

    def forward(self, index: int, state: State, own: Parameters, how: Arithmetic) -> State:
        """Run a step; the position goes to new memory, the old one is kept."""
        step = self.steps[index]
        if not isinstance(step, LeapfrogStep):
            return step.forward(state, own, how)
        hidden, after = forward_stored(step, state, own, how)
        self.kept += [state.position, hidden]
        return after

    def backward(
        self,
        index: int,
        state: State | None,
        adjoint: Adjoint,
        own: Parameters,
        how: Arithmetic,
        wanted: bool,
    ) -> Pullback:
        """Pull the adjoint back with what was kept."""
        step = self.steps[index]
        if isinstance(step, LeapfrogStep):
            slot = self._slots[index]
            position, hidden = self.kept[slot : slot + 2]
            return backward_stored(step, position, hidden, adjoint, own, how, wanted)
        assert isinstance(step, HaarStep)
        return Pullback(None, step.transpose(adjoint, how), ())
