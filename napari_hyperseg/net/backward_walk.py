"""The way back along a chain: adjoints, gradients, and the state beside them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from napari_hyperseg.net.chain import Chain, own_parameters
from napari_hyperseg.net.reading import distance_from_lifted
from napari_hyperseg.net.state import Adjoint, State
from napari_hyperseg.net.tape import tape_for

QUIET = 1e-2  # norm of the data, over that of the last state, below which they count as blank


class BackwardWalk:
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

    def go(self, adjoint: Adjoint, standing: Tensor | None) -> Adjoint:
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
            how = self.chain.how
            found = (self.state, data, how.storage, self.least, how.subdomain)
            errors = [*errors, distance_from_lifted(*found)]
        if errors:
            self.chain.monitor.settle(self.chain.mode, max(errors))


def _first(wanted: Sequence[bool]) -> int:
    """The first step that has a gradient; the end, if none has."""
    return wanted.index(True) if True in wanted else len(wanted)
