"""The invertible step in resolution: orthonormal Haar."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.state import Adjoint, Parameters, Pullback, State
from napari_hyperseg.net.storage import Floats, Storage
from napari_hyperseg.net.transform import reshaped, transform_

_ROW_AXIS = 0  # among the spatial axes


@dataclass(frozen=True)
class HaarStep:
    """Coarsen the state along `axes` (spatial, from 0), or refine it."""

    axes: tuple[int, ...]
    refine: bool = False
    n_parameters: int = 0

    def forward(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Coarsen, or refine."""
        return State(*self._map(state, self.refine, how, how.storage))

    def inverse(self, state: State, parameters: Parameters, how: Arithmetic) -> State:
        """Refine, or coarsen."""
        return State(*self._map(state, not self.refine, how, how.storage))

    def backward(
        self, state: State, adjoint: Adjoint, parameters: Parameters, how: Arithmetic, wanted: bool
    ) -> Pullback:
        """Orthonormal: the inverse is also the transpose."""
        return Pullback(self.inverse(state, (), how), self.transpose(adjoint, how), ())

    def seen_before(self, state: State) -> State:
        """Coarser before refining, finer before coarsening."""
        return State(*(reshaped(field, self.axes, not self.refine) for field in state))

    def transpose(self, adjoint: Adjoint, how: Arithmetic) -> Adjoint:
        """Pull an adjoint back."""
        position, velocity, reached = adjoint
        if _ROW_AXIS in self.axes:
            reached = reached.coarsened() if self.refine else reached.refined()
        fields = self._map((position, velocity), not self.refine, how, Floats())
        return Adjoint(*fields, reached)

    def _map(
        self, fields: tuple[Tensor, Tensor], refine: bool, how: Arithmetic, storage: Storage
    ) -> tuple[Tensor, Tensor]:
        how.workspace.clear()  # the next layers have other slabs
        room = how.scratch_bytes
        first, second = (transform_(f, self.axes, refine, storage, room) for f in fields)
        return first, second
