"""The state of the wave, its adjoint, and what a step of the network does with them."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.reached import ReachedRows

Parameters = tuple[Tensor, ...]


class State(NamedTuple):
    """Where the wave is and how far it moved in the last step, (batch, channels, *spatial).

    ``velocity = current - previous``: the pair of the leapfrog scheme in other coordinates,
    which round less.
    """

    position: Tensor
    velocity: Tensor


class Adjoint(NamedTuple):
    """The derivative of the loss with respect to a state, and where it may differ from zero."""

    position: Tensor
    velocity: Tensor
    reached: ReachedRows

    def past_a_layer(self) -> Adjoint:
        """The same memory, after a layer has spread the derivative to the rows beside."""
        return self._replace(reached=self.reached.past_a_layer())


class Pullback(NamedTuple):
    """What a backward step returns: the state before the step, its adjoint, the gradients."""

    state: State | None
    adjoint: Adjoint
    gradients: Parameters


class Step(Protocol):
    """An invertible map of states with `n_parameters` parameter tensors.

    It works in place: what it needs beside the state and its adjoint is as large as a slab.
    A chain of steps needs nothing stored but its last state.
    """

    @property
    def n_parameters(self) -> int:
        """How many parameter tensors the step has."""
        ...

    def forward(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Advance the state, in its own memory."""
        ...

    def inverse(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Recover the state that `forward` was given, in the same memory."""
        ...

    def backward(
        self, state: State, adjoint: Adjoint, parameters: Parameters, how: Arithmetic, wanted: bool
    ) -> Pullback:
        """Invert the step and pull the adjoint back through it, both in their own memory.

        The gradients are empty unless `wanted`.
        """
        ...

    def seen_before(self, state: State) -> State:
        """The memory of a state, with the shape that it has before the step."""
        ...
