"""The invertible step in depth: leapfrog, slab by slab.

Rows beside those of another process are read first and done last; what the other process
has next to them comes meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.halo import Halos
from napari_hyperseg.net.seam import Seam
from napari_hyperseg.net.slabs import Slab
from napari_hyperseg.net.state import Adjoint, Parameters, Pullback, State
from napari_hyperseg.net.storage import Floats, Storage
from napari_hyperseg.net.symmetric import GradientSums, Rows, SymmetricLayer
from napari_hyperseg.net.walk import held, seams, walk


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
        layer, (position, velocity) = self.layer(parameters, how), state
        halos = Halos(how, [(seam, position, how.storage) for seam in seams(position, how)])
        for reach, _, done in walk(position, layer):
            current = layer.seen(position, reach, how.storage)
            _accelerate(velocity, current, reach, layer, -1)
            done.of(position).add_(done.of(velocity))
        for seam, (current,) in halos.arrived():
            _accelerate(velocity, current, seam, layer, -1)
        for done in held(position, how):
            done.of(position).add_(done.of(velocity))
        return state

    def inverse(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Take the wave back by one step: the same, in the opposite order and sense."""
        layer, (position, velocity) = self.layer(parameters, how), state
        for ahead in held(position, how):
            ahead.of(position).sub_(ahead.of(velocity))
        halos = Halos(how, [(seam, position, how.storage) for seam in seams(position, how)])
        for reach, ahead, _ in walk(position, layer):
            ahead.of(position).sub_(ahead.of(velocity))
            current = layer.seen(position, reach, how.storage)
            _accelerate(velocity, current, reach, layer, +1)
        for seam, (current,) in halos.arrived():
            _accelerate(velocity, current, seam, layer, +1)
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
        for ahead in held(state.position, how):
            _reach(ahead, state, adjoint)
        halos = Halos(how, _at_seams(state, adjoint, how))
        for reach, ahead, _ in walk(state.position, layer):
            _reach(ahead, state, adjoint)
            seen = [layer.seen(state.position, reach, how.storage)]
            if adjoint.reached.any_of(reach):
                seen.append(layer.seen(adjoint.velocity, reach, Floats()))
            _pull(state, adjoint, seen, reach, layer, sums)
        for seam, seen in halos.arrived():
            _pull(state, adjoint, seen, seam, layer, sums)
        return Pullback(state, adjoint.past_a_layer(), sums.scaled(-self.a))

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


def _accelerate(
    velocity: Tensor, current: Tensor, reach: Rows, layer: SymmetricLayer, sign: int
) -> None:
    """Add ``sign * h^2 * K^T S`` to the velocity, from the rows that a slab reads."""
    layer.spread(layer.hidden(current, reach), reach, velocity, sign, layer.how.storage)


def _reach(ahead: Slab, state: State, adjoint: Adjoint) -> None:
    """Take rows back to the position before the step, and to p."""
    ahead.of(state.position).sub_(ahead.of(state.velocity))
    ahead.of(adjoint.velocity).add_(ahead.of(adjoint.position))


def _pull(
    state: State,
    adjoint: Adjoint,
    seen: Sequence[Tensor],
    reach: Rows,
    layer: SymmetricLayer,
    sums: GradientSums,
) -> None:
    """Do the rest of `backward` on a slab that sees the position, and p where it is not zero."""
    current, *some = seen
    post = layer.hidden(current, reach)
    for p in some:
        weighted = layer.weighted(p, post, reach)
        sums.add((p, current), (post, weighted), reach)
        layer.spread(weighted, reach, adjoint.position, -1, Floats())
    layer.spread(post, reach, state.velocity, +1, layer.how.storage)


def _at_seams(
    state: State, adjoint: Adjoint, how: Arithmetic
) -> list[tuple[Seam, Tensor, Storage]]:
    """What is wanted of the processes beside this one: the same."""
    cuts = seams(state.position, how)
    reached = [seam for seam in cuts if adjoint.reached.any_of(seam)]
    positions = [(seam, state.position, how.storage) for seam in cuts]
    return [*positions, *((seam, adjoint.velocity, Floats()) for seam in reached)]
