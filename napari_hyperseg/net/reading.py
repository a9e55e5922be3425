"""From the data to the first state, and from the last state to the logits.

The data are repeated over the channels (an invertible network keeps its number of values),
classes are read from the first channels of the last state, at all voxels or at some.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.drift import Distance
from napari_hyperseg.net.layout import empty
from napari_hyperseg.net.state import State
from napari_hyperseg.net.storage import Storage
from napari_hyperseg.net.subdomain import Subdomain


def lift(data: Tensor, width: int, storage: Storage) -> State:
    """Repeat the data over `width` channels; the wave starts at rest.

    Parameters
    ----------
    data : Tensor, shape (batch, in_channels, *spatial)
    width : int
    storage : Storage
    """
    shape = (data.shape[0], width, *data.shape[ROWS:])
    position = empty(shape, data, storage.dtype(data.dtype))
    for row in range(data.shape[ROWS]):
        for part, lifted in _lifted(position, data, row, storage):
            part.copy_(lifted)
    return State(position, torch.zeros_like(position))


def lift_transposed(adjoint: Tensor, in_channels: int) -> Tensor:
    """Sum an adjoint of the lifted data over the repetitions."""
    total = torch.zeros_like(adjoint[:, :in_channels])
    for part in adjoint.split(in_channels, dim=1):
        total[:, : part.shape[1]] += part
    return total


def distance_from_lifted(
    state: State,
    data: Tensor,
    storage: Storage,
    least: float = 0.0,
    subdomain: Subdomain | None = None,
) -> float:
    """Relative distance of a reconstructed first state from the real one; see `Distance`."""
    result = Distance(least)
    for row in range(data.shape[ROWS]):
        for part, lifted in _lifted(state.position, data, row, storage):
            result.add(part, lifted)
        result.add_to_nothing(state.velocity.narrow(ROWS, row, 1))
    return result.over(subdomain).relative


def _lifted(
    position: Tensor, data: Tensor, row: int, storage: Storage
) -> Iterator[tuple[Tensor, Tensor]]:
    """Two parts of a row of the first position, as views, and what the lifted data are there."""
    values, target = storage.store(data.narrow(ROWS, row, 1)), position.narrow(ROWS, row, 1)
    repeats, rest = divmod(position.shape[1], data.shape[1])
    whole = target[:, : repeats * data.shape[1]].unflatten(1, (repeats, -1))
    yield whole, values[:, None].expand_as(whole)
    if rest:
        yield target[:, -rest:], values[:, :rest]


@dataclass(frozen=True)
class Reading:
    """Which part of the last position the logits are.

    Parameters
    ----------
    n_classes : int
        Leading channels.
    shape : tuple of int
        Leading extent along each spatial axis.
    map_axis : int, optional
        Spatial axis of which only the middle slice is read.
    """

    n_classes: int
    shape: tuple[int, ...]
    map_axis: int | None = None

    def of(self, field: Tensor) -> Tensor:
        """The part, as a view of shape (batch, n_classes, *output shape)."""
        part = field[:, : self.n_classes]
        for axis, extent in enumerate(self.shape):
            part = part.narrow(ROWS + axis, 0, extent)
        if self.map_axis is None:
            return part
        return part.select(ROWS + self.map_axis, self.shape[self.map_axis] // 2)

    def read(self, position: Tensor, where: Tensor | None, storage: Storage) -> Tensor:
        """Logits: a copy of the part, or of its voxels `where` it is true, (voxels, n_classes)."""
        part = self.of(position)
        if where is not None:
            part = part.movedim(1, -1)[where]
        values = storage.load(part)
        return values.clone() if values is part and where is None else values

    def write(self, adjoint: Tensor, gradient: Tensor, where: Tensor | None) -> None:
        """Put the gradient of what was read into an adjoint that is zero."""
        part = self.of(adjoint)
        if where is None:
            part.copy_(gradient)
        else:
            part.movedim(1, -1)[where] = gradient.to(part.dtype)
