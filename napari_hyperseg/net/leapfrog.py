"""The invertible step in depth: leapfrog, slab by slab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.convolution import HALF, ROWS
from napari_hyperseg.net.slabs import Reach, Slab, slabs
from napari_hyperseg.net.state import Adjoint, Parameters, Pullback, State
from napari_hyperseg.net.storage import Floats
from napari_hyperseg.net.symmetric import GradientSums, SymmetricLayer


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
        self, state: State, adjoint: Adjoint, parameters: Parameters, how: Arithmetic, wanted: bool
    ) -> Pullback:
        """With p = dL/dvelocity + dL/dposition: dL/dvelocity = p, dL/dposition += h^2 J^T p.

        f = -K^T S and J^T p = -K^T W, with S = sigma(K Y + b) and W = sigma'(K Y + b) * K p:
        four convolutions, and two weight gradients.  Where p is zero so is W: two convolutions.
        """
        layer = self.layer(parameters, how)
        sums = GradientSums(layer, parameters, wanted)
        for reach, ahead, _ in walk(state.position, layer):
            ahead.of(state.position).sub_(ahead.of(state.velocity))
            ahead.of(adjoint.velocity).add_(ahead.of(adjoint.position))
            if adjoint.reached.any_of(reach):
                self._pull(state, adjoint, reach, layer, sums)
            else:
                self._accelerate(state, reach, layer, +1)
        return Pullback(state, adjoint.past_a_layer(), sums.scaled(-self.a))

    def _pull(
        self,
        state: State,
        adjoint: Adjoint,
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
