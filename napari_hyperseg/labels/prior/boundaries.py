"""Boundaries between layered facies, picked where labels show them.

A boundary lies between two classes that follow each other in the interpreter's order; its pick
is the first sample below it, as in `labels.targets`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order, ranks_of

if TYPE_CHECKING:
    from napari_hyperseg.labels.facies import FaciesLabels

Grids = NDArray[np.float32]
"""One grid a boundary, shape (n_boundaries, n_inlines, n_crosslines), in samples; NaN: unknown."""

FEW_INVERSIONS = 0.02  # share of the boundaries in layered labels that may be upside down


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Where labels pass from one class to the next one down.

    Parameters
    ----------
    picks : ndarray of float32, shape (n_classes - 1, n_inlines, n_crosslines)
        Index of the first sample below; NaN where a trace does not show the boundary, or more
        than once.
    transitions, inversions : int
        How often one label follows another down a trace, and how often it is one that belongs
        above.
    """

    picks: Grids
    transitions: int
    inversions: int

    @property
    def layered(self) -> bool:
        """Whether classes lie one below the other, as their order says."""
        return self.transitions > 0 and self.inversions <= FEW_INVERSIONS * self.transitions


def read_boundaries(labels: FaciesLabels, order: Order) -> Boundaries:
    """Find the boundaries on all labelled traces.

    Parameters
    ----------
    labels : FaciesLabels
    order : tuple of int
        All codes, from top to bottom; other codes count as unlabelled.
    """
    ranks = ranks_of(order)
    ranks[len(order) + 1 :] = 0
    labelled = labels.traces()
    picks = np.full((len(order) - 1, *labelled.shape), np.nan, np.float32)
    transitions = inversions = 0
    for i in np.flatnonzero(labelled.any(axis=1)):
        columns = np.flatnonzero(labelled[i])
        upper, lower = _pairs(ranks[labels.codes[i][columns]])
        transitions += int(np.count_nonzero(upper != lower))
        inversions += int(np.count_nonzero(upper > lower))
        for boundary in range(1, len(order)):
            found = _crossings(upper, lower, boundary)
            picks[boundary - 1, i, columns] = found
    return Boundaries(picks, transitions, inversions)


def _pairs(section: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Ranks above and below each pair of samples; both 0 where one is not known."""
    upper, lower = section[:, :-1], section[:, 1:]
    known = (upper > 0) & (lower > 0)
    return upper * known, lower * known


def _crossings(
    upper: NDArray[np.uint8], lower: NDArray[np.uint8], boundary: int
) -> NDArray[np.float32]:
    """First sample below the boundary on each trace; NaN unless it is crossed exactly once."""
    down = (upper > 0) & (upper <= boundary) & (lower > boundary)
    up = (upper > boundary) & (lower <= boundary) & (lower > 0)
    once = (down.sum(axis=1) == 1) & ~up.any(axis=1)
    return np.where(once, down.argmax(axis=1) + 1, np.nan).astype(np.float32)
