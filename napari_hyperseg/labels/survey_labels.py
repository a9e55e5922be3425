"""All that is labelled in a survey: facies, and picks of the boundaries between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.facies import FaciesLabels, Shape
from napari_hyperseg.labels.order import Order, ranks_of
from napari_hyperseg.labels.rank_limits import RankLimits, exactly, pick_weights, within_picks
from napari_hyperseg.survey.geometry import Box


@dataclass(frozen=True, eq=False)
class SurveyLabels:
    """Facies and picks as they are now.

    What is painted counts where both say something.

    Parameters
    ----------
    shape : tuple of int
        Of the survey.
    order : tuple of int
        All codes from top to bottom; others count as unlabelled.
    facies : FaciesLabels, optional
    picks : ndarray of float, shape (n_classes - 1, n_inlines, n_crosslines), optional
        Of the boundaries from top to bottom, as first samples below; NaN where one is not picked.
    deepest : int
        Rank of the deepest class that picks may tell of; 0: that of all.
    """

    shape: Shape
    order: Order
    facies: FaciesLabels | None = None
    picks: NDArray[np.floating] | None = None
    deepest: int = 0

    @cached_property
    def picked(self) -> NDArray[np.bool_]:
        """Traces on which a boundary is picked, shape (n_inlines, n_crosslines)."""
        if self.picks is None:
            return np.zeros(self.shape[:2], bool)
        return np.isfinite(self.picks).any(axis=0)

    def traces(self) -> NDArray[np.bool_]:
        """Traces on which anything is said, shape (n_inlines, n_crosslines)."""
        return self.picked if self.facies is None else self.facies.traces() | self.picked

    def of_traces(self, i: int, columns: NDArray[np.intp]) -> RankLimits:
        """What is said on traces of an inline, shape (2, n_columns, n_samples)."""
        return self._limits((i, columns), np.arange(self.shape[2]))

    def of_box(self, box: Box) -> RankLimits:
        """What is said in a box, shape (2, i, j, k)."""
        return self._limits((slice(*box[0]), slice(*box[1])), np.arange(*box[2]))

    def ruled_out(self, box: Box) -> NDArray[np.bool_] | None:
        """Classes that a sample cannot have, by code, shape (n_classes, i, j, k).

        None where nothing is said in the box.
        """
        least, most = self.of_box(box)
        if not least.any():
            return None
        ranks = ranks_of(self.order)[1 : len(self.order) + 1, None, None, None]
        return (ranks < least) | (ranks > most)

    def weights(self, box: Box) -> NDArray[np.float32]:
        """What each sample of a box is worth, shape (i, j, k): a pick most where it is."""
        traces, at = (slice(*box[0]), slice(*box[1])), np.arange(*box[2])
        picked = self.picked[traces]
        weights = np.ones((*picked.shape, len(at)), np.float32)
        if self.picks is not None and picked.any():
            near = pick_weights(self.picks[:, *traces][:, picked], at)
            weights[picked] = np.where(self._painted(traces, at)[picked] > 0, 1.0, near)
        return weights

    def in_use(self) -> int:
        """Rank of the deepest class that is painted, or lies below a boundary that is picked."""
        ranks = [0]
        if self.facies is not None:
            ranks += [int(self._rank_of[code]) for code in self.facies.counts()]
        if self.picks is not None:
            numbers = np.flatnonzero(np.isfinite(self.picks).any(axis=(1, 2)))
            ranks += [int(number) + 2 for number in numbers]
        return max(ranks)

    @property
    def _last(self) -> int:
        return self.deepest or len(self.order)

    @cached_property
    def _rank_of(self) -> NDArray[np.uint8]:
        """From codes; 0 for codes that do not count."""
        ranks = ranks_of(self.order)
        ranks[len(self.order) + 1 :] = 0
        return ranks

    def _limits(self, traces: tuple[Any, Any], at: NDArray[np.intp]) -> RankLimits:
        limits = exactly(self._painted(traces, at))
        picked = self.picked[traces]
        if self.picks is not None and picked.any():
            said = within_picks(self.picks[:, *traces][:, picked], at, self._last)
            painted = limits[:, picked]
            limits[:, picked] = np.where(painted[0] > 0, painted, said)
        return limits

    def _painted(self, traces: tuple[Any, Any], at: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Ranks that are painted, shape (..., n_samples); 0 = none."""
        if self.facies is None:
            return np.zeros((*self.picked[traces].shape, len(at)), np.uint8)
        return self._rank_of[self.facies.codes[*traces, at[0] : at[-1] + 1]]
