"""How far predicted boundaries are from those that labels show, trace by trace.

Owns the counting; knows numpy only.  A boundary lies between two classes that follow each other
in the interpreter's order, see `labels.prior.boundaries`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order
from napari_hyperseg.labels.prior.boundaries import are_layered, count_steps, shown_positions
from napari_hyperseg.labels.rank_limits import RankLimits
from napari_hyperseg.labels.targets import boundary_positions
from napari_hyperseg.learn.metrics import HorizonScores, broken_order

_TRACES, _FOUND, _SAMPLES = range(3)  # then ms, and those within 1 and 3 samples


@dataclass(frozen=True)
class BoundaryErrors:
    """Errors of one boundary.

    Parameters
    ----------
    above, below : int
        Codes of the classes it lies between.
    traces : int
        On how many traces labels show it.
    scores : HorizonScores
        On these traces.
    """

    above: int
    below: int
    traces: int
    scores: HorizonScores


class BoundaryTally:
    """Adds up errors over traces.

    Parameters
    ----------
    order : tuple of int
        All codes, from top to bottom.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self._sums = np.zeros((max(len(order) - 1, 0), 6))
        self._transitions = self._inversions = 0
        self._broken, self.traces = 0, 0

    def count(self, truth: RankLimits, found: NDArray[np.uint8], interval_ms: float) -> None:
        """Take in whole traces.

        Parameters
        ----------
        truth : RankLimits, shape (2, n_traces, n_samples)
        found : ndarray of uint8, shape (n_traces, n_samples)
            Predicted ranks; 0 = none.
        interval_ms : float
            Milliseconds (metres, feet) per sample.
        """
        transitions, inversions = count_steps(truth)
        self._transitions += transitions
        self._inversions += inversions
        self._broken += int(broken_order(found).sum())
        self.traces += len(found)
        for upper, sums in enumerate(self._sums, start=1):
            true = shown_positions(truth, upper)
            there = np.isfinite(true)
            if there.any():
                error = boundary_positions(found[None, there], upper)[0] - true[there]
                sums += _sums_of(np.abs(error), interval_ms)

    @property
    def layered(self) -> bool:
        """Whether labels lie one below the other, as their order says."""
        return are_layered(self._transitions, self._inversions)

    @property
    def order_violations(self) -> float | None:
        """Share of the traces whose predicted classes are out of order; None: not layered."""
        return self._broken / self.traces if self.layered else None

    def errors(self) -> tuple[BoundaryErrors, ...]:
        """Return those of the boundaries that labels show; none where they are not layered."""
        if not self.layered:
            return ()
        pairs = zip(self._order, self._order[1:], self._sums, strict=False)
        return tuple(
            BoundaryErrors(above, below, int(sums[_TRACES]), _scores_of(sums))
            for above, below, sums in pairs
            if sums[_TRACES]
        )


def _sums_of(error: NDArray[np.float64], interval_ms: float) -> NDArray[np.float64]:
    found = error[np.isfinite(error)]
    samples = found.sum()
    within = ((found <= 1).sum(), (found <= 3).sum())
    return np.array([error.size, found.size, samples, samples * interval_ms, *within])


def _scores_of(sums: NDArray[np.float64]) -> HorizonScores:
    coverage = float(sums[_FOUND] / sums[_TRACES])
    if not sums[_FOUND]:
        return HorizonScores(np.nan, np.nan, np.nan, np.nan, coverage)
    samples, ms, within_1, within_3 = (sums[_SAMPLES:] / sums[_FOUND]).tolist()
    return HorizonScores(samples, ms, within_1, within_3, coverage)
