"""The two invertible steps of the network: leapfrog in depth, Haar in resolution.

Each step answers `forward`, `inverse` and `backward` on a pair of states (previous,
current); a chain of them needs nothing stored but its last state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from torch import Tensor

from napari_hyperseg.net.haar import haar, inverse_haar
from napari_hyperseg.net.symmetric import ACTIVATIONS, increment, pull_back


class State(NamedTuple):
    """Two consecutive states of the wave, each of shape (batch, channels, *spatial)."""

    previous: Tensor
    current: Tensor


class Pullback(NamedTuple):
    """What a backward step returns: the state before the step, its adjoint, the gradients."""

    state: State
    adjoint: State
    gradients: tuple[Tensor, ...]


class Step(Protocol):
    """An invertible map of states with `n_parameters` parameter tensors."""

    @property
    def n_parameters(self) -> int:
        """How many parameter tensors the step has."""
        ...

    def forward(self, state: State, parameters: tuple[Tensor, ...]) -> State:
        """Advance the state."""
        ...

    def inverse(self, state: State, parameters: tuple[Tensor, ...]) -> State:
        """Recover the state that `forward` was given."""
        ...

    def backward(self, state: State, adjoint: State, parameters: tuple[Tensor, ...]) -> Pullback:
        """Invert the step and pull the adjoint dLoss/dstate back through it."""
        ...


@dataclass(frozen=True)
class LeapfrogStep:
    """next = 2*current - previous + h^2 * f(current)  (arXiv 2407.00595).

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

    def forward(self, state: State, parameters: tuple[Tensor, ...]) -> State:
        """(previous, current) -> (current, next)."""
        previous, current = state
        kernel, bias = parameters
        f = increment(current, kernel, bias, ACTIVATIONS[self.activation])
        return State(current, self._advance(previous, current, f))

    def inverse(self, state: State, parameters: tuple[Tensor, ...]) -> State:
        """(current, next) -> (previous, current); the same update, read backwards."""
        current, following = state
        kernel, bias = parameters
        f = increment(current, kernel, bias, ACTIVATIONS[self.activation])
        return State(self._advance(following, current, f), current)

    def backward(self, state: State, adjoint: State, parameters: tuple[Tensor, ...]) -> Pullback:
        """With g = dLoss/dnext: dLoss/dprevious = -g, dLoss/dcurrent += 2g + h^2 J^T g.

        The memory of `adjoint` is reused.
        """
        current, following = state
        adjoint_current, g = adjoint
        kernel, bias = parameters
        pulled = pull_back(current, g, kernel, bias, ACTIVATIONS[self.activation])
        previous = self._advance(following, current, pulled.value)
        total = pulled.adjoint_current.mul_(self._a).add_(g, alpha=2).add_(adjoint_current)
        gradients = (pulled.grad_kernel.mul_(self._a), pulled.grad_bias.mul_(self._a))
        return Pullback(State(previous, current), State(g.neg_(), total), gradients)

    def _advance(self, outer: Tensor, current: Tensor, f: Tensor) -> Tensor:
        """2*current - outer + a*f, written over f."""
        return f.mul_(self._a).add_(current, alpha=2).sub_(outer)

    @property
    def _a(self) -> float:
        return self.step_size**2


@dataclass(frozen=True)
class HaarStep:
    """Coarsen both states along `axes` (spatial, from 0), or refine them."""

    axes: tuple[int, ...]
    refine: bool = False
    n_parameters: int = 0

    def forward(self, state: State, parameters: tuple[Tensor, ...] = ()) -> State:
        """Coarsen, or refine."""
        return self._map(state, self.refine)

    def inverse(self, state: State, parameters: tuple[Tensor, ...] = ()) -> State:
        """Refine, or coarsen."""
        return self._map(state, not self.refine)

    def backward(self, state: State, adjoint: State, parameters: tuple[Tensor, ...]) -> Pullback:
        """Orthonormal: the inverse is also the transpose."""
        return Pullback(self.inverse(state), self.inverse(adjoint), ())

    def _map(self, state: State, refine: bool) -> State:
        transform = inverse_haar if refine else haar
        return State(transform(state.previous, self.axes), transform(state.current, self.axes))
