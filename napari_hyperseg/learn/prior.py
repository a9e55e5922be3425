"""What is expected before the network looks: classes between surfaces, and how sure that is.

Surfaces come from `labels.prior`.  The network sees how far a sample lies inside each class, and
its logits are added to the logarithms of the prior's probabilities: it learns the correction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order, ranks_of
from napari_hyperseg.labels.prior.priors import Priors, Surfaces
from napari_hyperseg.labels.rank_limits import RankLimits, exactly
from napari_hyperseg.survey.geometry import Box

REACH = 10.0  # samples from a boundary within which the network sees how far it is
UNLIKELY = 1e-4  # least probability of a class: the network can overcome it
WIDEST = 8.0  # samples of spread at which a surface says little

WEAK = 0.3  # weight of what the prior is sure of, beside that of a label
SURE = 0.95  # probability from which on it is

Block = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SurveyPrior:
    """Surfaces between the classes of one survey.

    Parameters
    ----------
    surfaces : Surfaces
        One for each boundary.
    order : tuple of int
        All codes from top to bottom.
    """

    surfaces: Surfaces
    order: Order

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.order)

    def features(self, box: Box) -> Block:
        """What the network sees of it in a box.

        Returns
        -------
        ndarray of float32, shape (n_classes + 1, i, j, k)
            How deep inside each class a sample lies, by code, from -1 to 1; then how sure the
            nearest boundary is, where one is near.
        """
        inside, sure = self._insides(box)
        result = np.empty((self.n_classes + 1, *inside.shape[1:]), np.float32)
        result[self._places()] = np.tanh(inside / REACH)
        result[-1] = sure
        return result

    def log_probabilities(self, box: Box) -> Block:
        """Logarithm of the probability of every class in a box, by code.

        Returns
        -------
        ndarray of float32, shape (n_classes, i, j, k)
        """
        below = self._below(box)
        ones, zeros = np.ones_like(below[:1]), np.zeros_like(below[:1])
        sides = np.concatenate([ones, np.minimum.accumulate(below, axis=0), zeros])
        result = np.empty((self.n_classes, *below.shape[1:]), np.float32)
        result[self._places()] = np.log(np.maximum(sides[:-1] - sides[1:], UNLIKELY))
        return result

    def _places(self) -> NDArray[np.intp]:
        return np.asarray(self.order, np.intp) - 1

    def _distances(self, box: Box) -> tuple[Block, Block]:
        """Samples below each surface, shape (n_classes - 1, i, j, k), and spreads."""
        i, j, (top, base) = slice(*box[0]), slice(*box[1]), box[2]
        at = np.arange(top, base, dtype=np.float32)
        samples, spread = self.surfaces.samples, self.surfaces.spread
        return at - samples[:, i, j, None] + 0.5, spread[:, i, j, None]

    def _below(self, box: Box) -> Block:
        """Probability of lying below each boundary."""
        distances, spread = self._distances(box)
        return (1 / (1 + np.exp(-np.clip(distances / spread, -30, 30)))).astype(np.float32)

    def _insides(self, box: Box) -> tuple[Block, Block]:
        """Samples inside each class from top to bottom, and how sure the nearest boundary is."""
        distances, spread = self._distances(box)
        far = np.full_like(distances[:1], 1e3)
        inside = np.minimum(np.concatenate([far, distances]), np.concatenate([-distances, far]))
        certain = np.clip(1 - spread / WIDEST, 0, 1) * np.exp(-np.abs(distances) / REACH)
        return inside, certain.max(axis=0)


@dataclass(frozen=True, eq=False)
class TrainingPriors:
    """What is expected of labelled lines by who does not know them.

    Parameters
    ----------
    priors : Priors
    order : tuple of int
        All codes from top to bottom.
    held_out : int
        Fold of which training knows nothing; 0: none.
    """

    priors: Priors
    order: Order
    held_out: int = 0

    @property
    def whole(self) -> SurveyPrior:
        """What is expected by who knows all labels."""
        return SurveyPrior(self.priors.whole, self.order)

    @property
    def fold_of(self) -> NDArray[np.uint8]:
        """Fold of each trace whose label is known, from 1; else 0; shape of the map."""
        return self.priors.fold_of

    def without(self, fold: int) -> SurveyPrior | None:
        """What is expected by who does not know a fold; None where that is not known."""
        if not fold:
            return self.whole
        surfaces = self.priors.folds.get(fold)
        return None if surfaces is None else SurveyPrior(surfaces, self.order)

    def targets(
        self, box: Box, limits: RankLimits, weights: Block, fold: int
    ) -> tuple[RankLimits, Block]:
        """Complete the labels of a box for a training that does not know a fold.

        Parameters
        ----------
        box : Box
        limits : RankLimits, shape (2, i, j, k)
            What labels say.
        weights : ndarray of float32, shape (i, j, k)
            What that is worth.
        fold : int

        Returns
        -------
        limits : RankLimits, same shape
            Labels of the fold and those that no prior knows yet; elsewhere what is sure.
        weights : ndarray of float32, shape (i, j, k)
        """
        fold_of = self.fold_of[slice(*box[0]), slice(*box[1]), None]
        probabilities = (self.without(self.held_out) or self.whole).log_probabilities(box)
        sure = probabilities.max(axis=0) > np.log(SURE)
        expected = ranks_of(self.order)[probabilities.argmax(axis=0) + 1]
        weak = exactly(np.where(sure & (fold_of == 0), expected, 0).astype(np.uint8))
        own = (limits[0] > 0) & ((fold_of == fold) | (fold_of == 0))
        return np.where(own, limits, weak), np.where(own, weights, WEAK).astype(np.float32)
