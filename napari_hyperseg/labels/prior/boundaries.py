"""Boundaries between layered facies, picked where labels show them.

A boundary lies between two classes that follow each other in the interpreter's order; it is told
by the first sample below it, as in `labels.targets`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.bounds import Bounds, Limits
from napari_hyperseg.labels.rank_limits import RankLimits

if TYPE_CHECKING:
    from napari_hyperseg.labels.survey_labels import SurveyLabels

MOSTLY = 0.5
FEW_INVERSIONS = 0.02  # share of the boundaries in layered labels that may be upside down
WITHIN = 0.5  # samples from a pick to the whole one that it stands for


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


def read_boundaries(labels: SurveyLabels) -> Boundaries:
    """Find the boundaries on all labelled traces; what is picked, where it is picked."""
    labelled = labels.traces()
    n = len(labels.order) - 1
    least = np.full((n, *labelled.shape), -np.inf)
    most = np.full_like(least, np.inf)
    transitions = inversions = 0
    for i in np.flatnonzero(labelled.any(axis=1)):
        columns = np.flatnonzero(labelled[i])
        section = labels.of_traces(int(i), columns)
        steps = count_steps(section)
        transitions, inversions = transitions + steps[0], inversions + steps[1]
        for boundary in range(1, n + 1):
            limits = _limits(section, boundary)
            least[boundary - 1, i, columns], most[boundary - 1, i, columns] = limits
    bounds = Bounds(least, most)
    if labels.picks is not None:
        bounds = _between_samples(bounds, labels.picks)
    return Boundaries(bounds, transitions, inversions)


def are_layered(transitions: int, inversions: int) -> bool:
    """Tell by the counts of `count_steps` whether classes lie one below the other."""
    return transitions > 0 and inversions <= FEW_INVERSIONS * transitions


def count_steps(section: RankLimits) -> tuple[int, int]:
    """Count how often one rank follows another down the traces, and how often it is a lesser one.

    Parameters
    ----------
    section : RankLimits, shape (2, n_traces, n_samples)
    """
    (least_above, most_above), (least_below, most_below) = section[..., :-1], section[..., 1:]
    known = (least_above > 0) & (least_below > 0)
    down = np.count_nonzero(known & (most_above < least_below))
    up = np.count_nonzero(known & (least_above > most_below))
    return int(down + up), int(up)


def shown_positions(section: RankLimits, boundary: int) -> NDArray[np.float64]:
    """Find where labels show a boundary, sample to sample.

    Parameters
    ----------
    section : RankLimits, shape (2, n_traces, n_samples)
    boundary : int
        Rank of the class above it.

    Returns
    -------
    ndarray of float, shape (n_traces,)
        Index of the first sample below; NaN where labels leave it open.
    """
    least, most = _limits(section, boundary)
    return np.where(least == most, least, np.nan)


def _limits(section: RankLimits, boundary: int) -> tuple[Limits, Limits]:
    """Least and most of a boundary on each trace; infinite where nothing is known."""
    at_least, at_most = section
    above, below = at_most <= boundary, at_least > boundary
    last_above = above.shape[1] - above[:, ::-1].argmax(axis=1)
    least = np.where(above.any(axis=1), last_above, -np.inf)
    most = np.where(below.any(axis=1), below.argmax(axis=1), np.inf)
    upside_down = least > most
    least[upside_down], most[upside_down] = -np.inf, np.inf
    return least, most


def _between_samples(bounds: Bounds, picks: NDArray[np.floating]) -> Bounds:
    """Put boundaries that are known to the sample where they are picked within it."""
    with np.errstate(invalid="ignore"):
        there = (bounds.least == bounds.most) & (np.abs(picks - bounds.least) <= WITHIN)
    least, most = (np.where(there, picks, limit) for limit in (bounds.least, bounds.most))
    return Bounds(least, most)
