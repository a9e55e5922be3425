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
from napari_hyperseg.net.convolution import HALF, ROWS
from napari_hyperseg.net.slabs import Reach, Slab, slabs
from napari_hyperseg.net.storage import Floats, Storage
from napari_hyperseg.net.symmetric import GradientSums, SymmetricLayer
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
        Name of sigma in `TIMES_SLOPE_`.
    """

    step_size: float
    activation: str = "relu"
    n_parameters: int = 2

    def forward(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Advance the wave by one step."""
        layer = self.layer(parameters, how)
        for reach, _, done in walk(state.position, layer):
            self._accelerate(state, reach, layer, -1)
            done.of(state.position).add_(done.of(state.velocity))
        return state

    def inverse(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Take the wave back by one step: the same, in the opposite order and sense."""
        layer = self.layer(parameters, how)
        for reach, ahead, _ in walk(state.position, layer):
            ahead.of(state.position).sub_(ahead.of(state.velocity))
            self._accelerate(state, reach, layer, +1)
        return state

    def backward(
        self, state: State, adjoint: State, parameters: Parameters, how: Arithmetic, wanted: bool
    ) -> Pullback:
        """With p = dL/dvelocity + dL/dposition: dL/dvelocity = p, dL/dposition += h^2 J^T p.

        f = -K^T S and J^T p = -K^T W, with S = sigma(K Y + b) and W = sigma'(K Y + b) * K p:
        four convolutions, and two weight gradients.
        """
        layer = self.layer(parameters, how)
        sums = GradientSums(layer, parameters, wanted)
        for reach, ahead, _ in walk(state.position, layer):
            ahead.of(state.position).sub_(ahead.of(state.velocity))
            ahead.of(adjoint.velocity).add_(ahead.of(adjoint.position))
            self._pull(state, adjoint, reach, layer, sums)
        return Pullback(state, adjoint, sums.scaled(-self.a))

    def _pull(
        self,
        state: State,
        adjoint: State,
        reach: Reach,
        layer: SymmetricLayer,
        sums: GradientSums,
    ) -> None:
        """Do the work of `backward` on one slab."""
        current = layer.seen(state.position, reach, layer.how.storage)
        p = layer.seen(adjoint.velocity, reach, Floats())
        post = layer.hidden(current, reach)
        weighted = layer.weighted(p, post, reach)
        sums.add((p, current), (post, weighted), reach)
        layer.spread(post, reach, state.velocity, +1, layer.how.storage)
        layer.spread(weighted, reach, adjoint.position, -1, Floats())

    def _accelerate(self, state: State, reach: Reach, layer: SymmetricLayer, sign: int) -> None:
        """Add ``sign * h^2 * K^T S`` to the velocity, from the hidden rows of a slab."""
        storage = layer.how.storage
        post = layer.hidden(layer.seen(state.position, reach, storage), reach)
        layer.spread(post, reach, state.velocity, sign, storage)

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


def walk(position: Tensor, layer: SymmetricLayer) -> Iterator[tuple[Reach, Slab, Slab]]:
    """Slabs in order: what each reads, the rows of it not read before, and the rows then done.

    A slab reads one row beyond itself, and adds to one row beyond itself: its last row is
    done when the next slab is.
    """
    batch, rows = position.shape[0], position.shape[ROWS]
    height = layer.how.height(layer.rank, position.shape[1:])
    for samples, cut in slabs(batch, rows, height):
        seen = done = 0
        for slab in cut:
            reach = slab.reach(rows)
            now_done = rows if slab.stop == rows else slab.stop - HALF
            yield reach, Slab(samples, seen, reach.high), Slab(samples, done, now_done)
            seen, done = reach.high, now_done


@dataclass(frozen=True)
class HaarStep:
    """Coarsen the state along `axes` (spatial, from 0), or refine it."""

    axes: tuple[int, ...]
    refine: bool = False
    n_parameters: int = 0

    def forward(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Coarsen, or refine."""
        return self._map(state, self.refine, how, how.storage)

    def inverse(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Refine, or coarsen."""
        return self._map(state, not self.refine, how, how.storage)

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
        return self._map(adjoint, not self.refine, how, Floats())

    def _map(self, state: State, refine: bool, how: Arithmetic, storage: Storage) -> State:
        how.workspace.clear()  # the next layers have other slabs
        room = how.scratch_bytes
        return State(*(transform_(field, self.axes, refine, storage, room) for field in state))
