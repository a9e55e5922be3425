"""The two invertible steps of the network: leapfrog in depth, Haar in resolution.

Each step answers `forward`, `inverse` and `backward` on the state of the wave, in place:
what it needs beside the state and its adjoint is as large as a slab.  A chain of them needs
nothing stored but its last state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.slabs import Slab, slabs
from napari_hyperseg.net.storage import Floats, Storage
from napari_hyperseg.net.symmetric import Carry, GradientSums, Reach, SymmetricLayer
from napari_hyperseg.net.transform import reshaped, transform_

Parameters = tuple[Tensor, ...]


class State(NamedTuple):
    """Where the wave is and how far it moved in the last step, (batch, channels, *spatial).

    ``velocity = current - previous``: the pair of the leapfrog scheme in other coordinates,
    which round less.  An adjoint is the derivative of the loss with respect to both.
    """

    position: Tensor
    velocity: Tensor


class Pullback(NamedTuple):
    """What a backward step returns: the state before the step, its adjoint, the gradients."""

    state: State | None
    adjoint: State
    gradients: Parameters


class Step(Protocol):
    """An invertible map of states with `n_parameters` parameter tensors."""

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
        self, state: State, adjoint: State, parameters: Parameters, how: Arithmetic, wanted: bool
    ) -> Pullback:
        """Invert the step and pull the adjoint back through it, both in their own memory.

        The gradients are empty unless `wanted`.
        """
        ...

    def seen_before(self, state: State) -> State:
        """The memory of a state, with the shape that it has before the step."""
        ...


@dataclass(frozen=True)
class LeapfrogStep:
    """velocity += h^2 * f(position); position += velocity  (arXiv 2407.00595).

    That is next = 2*current - previous + h^2 * f(current).

    Parameters
    ----------
    step_size : float
        h, the time step of the telegraph equation; squared here and nowhere else.
    activation : str
        Name of sigma in `ACTIVATIONS`.
    """

    step_size: float
    activation: str = "relu"
    n_parameters: int = 2

    def forward(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Advance the wave by one step."""
        layer, carry = self.layer(parameters, how), Carry(parameters[0])
        for slab, reach, _ in walk(state.position, layer):
            self._accelerate(state, slab, reach, layer, carry, -1)
            slab.of(state.position).add_(slab.of(state.velocity))  # no later slab reads them
        return state

    def inverse(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Take the wave back by one step: the same, in the opposite order and sense."""
        layer, carry = self.layer(parameters, how), Carry(parameters[0])
        for slab, reach, ahead in walk(state.position, layer):
            ahead.of(state.position).sub_(ahead.of(state.velocity))
            self._accelerate(state, slab, reach, layer, carry, +1)
        return state

    def backward(
        self, state: State, adjoint: State, parameters: Parameters, how: Arithmetic, wanted: bool
    ) -> Pullback:
        """With p = dL/dvelocity + dL/dposition: dL/dvelocity = p, dL/dposition += h^2 J^T p.

        f = -K^T S and J^T p = -K^T W, with S = sigma(K Y + b) and W = sigma'(K Y + b) * K p:
        four convolutions, and two weight gradients.
        """
        layer, sums = self.layer(parameters, how), GradientSums(parameters, wanted)
        carries = Carry(parameters[0]), Carry(parameters[0])
        for slab, reach, ahead in walk(state.position, layer):
            ahead.of(state.position).sub_(ahead.of(state.velocity))
            ahead.of(adjoint.velocity).add_(ahead.of(adjoint.position))
            self._pull(state, adjoint, slab, reach, layer, carries, sums)
        return Pullback(state, adjoint, sums.scaled(-self.a))

    def _pull(
        self,
        state: State,
        adjoint: State,
        slab: Slab,
        reach: Reach,
        layer: SymmetricLayer,
        carries: tuple[Carry, Carry],
        sums: GradientSums,
    ) -> None:
        """Do the work of `backward` on one slab."""
        current = layer.window(state.position, slab, reach)
        post = layer.hidden(current, reach)
        p = layer.how.operand(reach.window(adjoint.velocity, slab))
        weighted = layer.weighted(p, post, reach)
        sums.add(layer, (p, current), (post, weighted), reach)
        post, weighted = carries[0].extend(post, slab), carries[1].extend(weighted, slab)
        layer.spread(post, slab, state.velocity, +1, layer.how.storage)
        layer.spread(weighted, slab, adjoint.position, -1, Floats())

    def _accelerate(
        self,
        state: State,
        slab: Slab,
        reach: Reach,
        layer: SymmetricLayer,
        carry: Carry,
        sign: int,
    ) -> None:
        """Add ``sign * h^2 * K^T S`` to the velocity in a slab."""
        post = layer.hidden(layer.window(state.position, slab, reach), reach)
        layer.spread(carry.extend(post, slab), slab, state.velocity, sign, layer.how.storage)

    def seen_before(self, state: State) -> State:
        """The shape is the same."""
        return state

    def layer(self, parameters: Parameters, how: Arithmetic) -> SymmetricLayer:
        """The layer f with these parameters."""
        kernel, bias = parameters
        return SymmetricLayer(kernel, bias, self.activation, how, self.a)

    @property
    def a(self) -> float:
        """h^2."""
        return self.step_size**2


def walk(position: Tensor, layer: SymmetricLayer) -> Iterator[tuple[Slab, Reach, Slab]]:
    """Slabs in order, with the rows that each reads and those of them not read before."""
    batch, rows = position.shape[0], position.shape[ROWS]
    height = layer.how.height(position, layer.rank)
    for samples, cut in slabs(batch, rows, height):
        seen = 0
        for slab in cut:
            reach = layer.reach(slab, rows)
            yield slab, reach, Slab(samples, seen, reach.high)
            seen = reach.high


@dataclass(frozen=True)
class HaarStep:
    """Coarsen the state along `axes` (spatial, from 0), or refine it."""

    axes: tuple[int, ...]
    refine: bool = False
    n_parameters: int = 0

    def forward(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Coarsen, or refine."""
        return self._map(state, self.refine, how.storage, how.scratch_bytes)

    def inverse(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Refine, or coarsen."""
        return self._map(state, not self.refine, how.storage, how.scratch_bytes)

    def backward(
        self, state: State, adjoint: State, parameters: Parameters, how: Arithmetic, wanted: bool
    ) -> Pullback:
        """Orthonormal: the inverse is also the transpose."""
        return Pullback(self.inverse(state, (), how), self.transpose(adjoint, how), ())

    def seen_before(self, state: State) -> State:
        """Coarser before refining, finer before coarsening."""
        return State(*(reshaped(field, self.axes, not self.refine) for field in state))

    def transpose(self, adjoint: State, how: Arithmetic) -> State:
        """Pull an adjoint back."""
        return self._map(adjoint, not self.refine, Floats(), how.scratch_bytes)

    def _map(self, state: State, refine: bool, storage: Storage, scratch_bytes: int) -> State:
        return State(*(transform_(t, self.axes, refine, storage, scratch_bytes) for t in state))
