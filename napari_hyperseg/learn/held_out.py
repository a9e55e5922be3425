"""What is counted of a prediction on held-out labels, besides its facies figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order, codes_of, ranks_of
from napari_hyperseg.labels.rank_limits import RankLimits
from napari_hyperseg.learn.boundary_tally import BoundaryErrors, BoundaryTally
from napari_hyperseg.learn.metrics import FaciesScores, confusion, scores_of
from napari_hyperseg.learn.reliability import (
    BINS,
    Reliability,
    confidence_sums,
    reliability_of,
)


@dataclass(frozen=True)
class Details:
    """Where a prediction errs, and whether it knows.

    Parameters
    ----------
    confusion : ndarray of int64, shape (n_classes, n_classes)
        Voxels of each true code (rows) that were predicted as each code, from 1.
    reliability : Reliability
    boundaries : tuple of BoundaryErrors
        From top to bottom; none where classes are not layered.
    order_violations : float or None
        Share of the traces with classes out of order; None where they are not layered.
    traces : int
        How many traces were looked at as a whole.
    unit : str
        Of depth; empty where surveys differ.
    """

    confusion: NDArray[np.int64]
    reliability: Reliability
    boundaries: tuple[BoundaryErrors, ...]
    order_violations: float | None
    traces: int
    unit: str


class HeldOutCounts:
    """Adds up one prediction's voxels and traces.

    Parameters
    ----------
    n_classes : int
    order : tuple of int
        All codes, from top to bottom.
    """

    def __init__(self, n_classes: int, order: Order) -> None:
        self._n_classes = n_classes
        self._ranks, self._codes = ranks_of(order), codes_of(order)
        self._counts = np.zeros((n_classes + 1, n_classes + 1), np.int64)
        self._sums = np.zeros((3, BINS))
        self._tally = BoundaryTally(order)
        self._units: set[str] = set()

    def count_voxels(
        self, truth: RankLimits, found: NDArray[np.uint8], confidence: NDArray[np.float32]
    ) -> None:
        """Take in labelled voxels: what is known, shape (2, n), predicted codes, and how sure.

        Of the classes that one may have, the nearest to the predicted one counts as its own.
        """
        ranks = self._ranks[found]
        nearest = np.clip(ranks, *truth)
        self._counts += confusion(self._codes[nearest], found, self._n_classes)
        self._sums += confidence_sums(confidence, nearest == ranks)

    def count_traces(
        self, truth: RankLimits, found: NDArray[np.uint8], interval_ms: float, unit: str
    ) -> None:
        """Take in whole traces: what is known, shape (2, n, n_samples), and predicted codes."""
        self._tally.count(truth, self._ranks[found], interval_ms)
        self._units.add(unit)

    @property
    def wrong(self) -> int:
        """Voxels that have another code, so far."""
        return int(self._counts.sum() - self._counts.trace())

    @property
    def scores(self) -> FaciesScores:
        """Facies figures so far."""
        return scores_of(self._counts)

    @property
    def details(self) -> Details:
        """Everything else so far."""
        return Details(
            confusion=self._counts[1:, 1:],
            reliability=reliability_of(self._sums),
            boundaries=self._tally.errors(),
            order_violations=self._tally.order_violations,
            traces=self._tally.traces,
            unit=next(iter(self._units)) if len(self._units) == 1 else "",
        )
