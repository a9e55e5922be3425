"""The map of a whole area: class probabilities, tile by tile, averaged over orientations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from examples.aquifer.orientation import Orientation
from napari_hyperseg.net.hyperbolic import HyperbolicNet

TILE, MARGIN = 1024, 128  # pixels; margins are predicted and thrown away


@torch.no_grad()
def class_probabilities(
    net: HyperbolicNet, inputs: Tensor, orientations: Sequence[Orientation]
) -> Tensor:
    """Predict everywhere.

    Parameters
    ----------
    net : HyperbolicNet
    inputs : Tensor, shape (channels, rows, columns)
    orientations : sequence of Orientation
        The map is predicted in each of them, and the probabilities averaged.

    Returns
    -------
    Tensor, shape (n_classes, rows, columns)
    """
    total = inputs.new_zeros(net.config.n_classes, *inputs.shape[1:])
    for seen, kept, inner in tiles(inputs.shape[1], inputs.shape[2]):
        for way in orientations:
            shown = way.apply(inputs[:, seen[0], seen[1]])[None].contiguous()
            found = way.undo(net(shown)[0].softmax(0))
            total[:, kept[0], kept[1]] += found[:, inner[0], inner[1]]
    return total / len(orientations)


Area = tuple[slice, slice]


def tiles(rows: int, columns: int) -> Iterator[tuple[Area, Area, Area]]:
    """Cut an area up: what a tile sees, what is kept of it, and where that is in the tile."""
    for first in range(0, rows, TILE):
        for second in range(0, columns, TILE):
            ends = [_cut(first, rows), _cut(second, columns)]
            yield tuple(tuple(end[i] for end in ends) for i in range(3))  # type: ignore[misc]


def _cut(start: int, length: int) -> tuple[slice, slice, slice]:
    stop = min(start + TILE, length)
    before, after = max(start - MARGIN, 0), min(stop + MARGIN, length)
    return slice(before, after), slice(start, stop), slice(start - before, stop - before)
