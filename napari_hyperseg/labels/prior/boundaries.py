"""Boundaries between layered facies, picked where labels show them.

A boundary lies between two classes that follow each other in the interpreter's order; it is told
by the first sample below it, as in `labels.targets`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order, ranks_of
from napari_hyperseg.labels.prior.bounds import Bounds, Limits

if TYPE_CHECKING:
    from napari_hyperseg.labels.facies import FaciesLabels

MOSTLY = 0.5
FEW_INVERSIONS = 0.02  # share of the boundaries in layered labels that may be upside down


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Where labels pass from one class to the next one down.

    Parameters
    ----------
    bounds : Bounds
        Of shape (n_classes - 1, n_inlines, n_crosslines): below the last label that belongs above,
        and at or above the first one that belongs below.  Nothing is known where a trace shows a
        boundary upside down.
    transitions, inversions : int
        How often one label follows another down a trace, and how often it is one that belongs
        above.
    """

    bounds: Bounds
    transitions: int
    inversions: int

    @property
    def layered(self) -> bool:
        """Whether classes lie one below the other, as their order says."""
        return are_layered(self.transitions, self.inversions)

    @property
    def shown(self) -> bool:
        """Whether labels mostly reach the boundaries that they lie on both sides of."""
        between = np.isfinite(self.bounds.least) & np.isfinite(self.bounds.most)
        picked = np.isfinite(self.bounds.picks).sum()
        return bool(picked and picked >= MOSTLY * between.sum())


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
    least = np.full((len(order) - 1, *labelled.shape), -np.inf)
    most = np.full_like(least, np.inf)
    transitions = inversions = 0
    for i in np.flatnonzero(labelled.any(axis=1)):
        columns = np.flatnonzero(labelled[i])
        section = ranks[labels.codes[i][columns]]
        steps = count_steps(section)
        transitions, inversions = transitions + steps[0], inversions + steps[1]
        for boundary in range(1, len(order)):
            limits = _limits(section, boundary)
            least[boundary - 1, i, columns], most[boundary - 1, i, columns] = limits
    return Boundaries(Bounds(least, most), transitions, inversions)


def are_layered(transitions: int, inversions: int) -> bool:
    """Tell by the counts of `count_steps` whether classes lie one below the other."""
    return transitions > 0 and inversions <= FEW_INVERSIONS * transitions


def count_steps(section: NDArray[np.uint8]) -> tuple[int, int]:
    """Count how often one rank follows another down the traces, and how often it is a lesser one.

    Parameters
    ----------
    section : ndarray of uint8, shape (n_traces, n_samples)
        Ranks; 0 = not known.
    """
    upper, lower = _pairs(section)
    return int(np.count_nonzero(upper != lower)), int(np.count_nonzero(upper > lower))


def shown_positions(section: NDArray[np.uint8], boundary: int) -> NDArray[np.float64]:
    """Find where labels show a boundary, sample to sample.

    Parameters
    ----------
    section : ndarray of uint8, shape (n_traces, n_samples)
        Ranks; 0 = not known.
    boundary : int
        Rank of the class above it.

    Returns
    -------
    ndarray of float, shape (n_traces,)
        Index of the first sample below; NaN where labels leave it open.
    """
    least, most = _limits(section, boundary)
    return np.where(least == most, least, np.nan)


def _pairs(section: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Ranks above and below each pair of samples; both 0 where one is not known."""
    upper, lower = section[:, :-1], section[:, 1:]
    known = (upper > 0) & (lower > 0)
    return upper * known, lower * known


def _limits(section: NDArray[np.uint8], boundary: int) -> tuple[Limits, Limits]:
    """Least and most of a boundary on each trace; infinite where nothing is known."""
    above, below = (section > 0) & (section <= boundary), section > boundary
    last_above = section.shape[1] - above[:, ::-1].argmax(axis=1)
    least = np.where(above.any(axis=1), last_above, -np.inf)
    most = np.where(below.any(axis=1), below.argmax(axis=1), np.inf)
    upside_down = least > most
    least[upside_down], most[upside_down] = -np.inf, np.inf
    return least, most
