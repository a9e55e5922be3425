"""What is expected before the network looks: classes between surfaces, and how sure that is.

Surfaces come from `labels.prior`.  The network learns without them, from labels alone: what it says
is evidence of another kind, and its logits, or a share of them, are added to the logarithms of the
prior's probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order
from napari_hyperseg.labels.prior.priors import Surfaces
from napari_hyperseg.survey.geometry import Box

UNLIKELY = 1e-4  # least probability of a class: the network can overcome it

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
        result[np.asarray(self.order) - 1] = np.log(np.maximum(sides[:-1] - sides[1:], UNLIKELY))
        return result

    def _below(self, box: Box) -> Block:
        """Probability of lying below each boundary, shape (n_classes - 1, i, j, k)."""
        i, j, (top, base) = slice(*box[0]), slice(*box[1]), box[2]
        at = np.arange(top, base, dtype=np.float32)
        samples, spread = (
            grid[:, i, j, None] for grid in (self.surfaces.samples, self.surfaces.spread)
        )
        distances = at - samples + 0.5
        return (1 / (1 + np.exp(-np.clip(distances / spread, -30, 30)))).astype(np.float32)
