"""How far off surfaces are: learnt from what they miss at the picks they do not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.bounds import Grids
from napari_hyperseg.labels.prior.ordering import in_order

Found = tuple[Grids, Grids]
"""Surfaces, NaN where not found, and how sure each is, 0 to 1; all of one shape."""

SpreadOf = Callable[[Grids], Grids]
"""Spread of surfaces, in samples, given how sure they are."""

BINS = 6  # of confidence
LEAST_SPREAD, USUAL_SPREAD = 0.35, 2.0  # samples
TO_SPREAD = 1 / (2 * np.log(2))  # scale of a logistic distribution over its mean distance


def usual_spread(sure: Grids) -> Grids:
    """How far off surfaces may be where nothing was left out to tell."""
    return np.full_like(sure, USUAL_SPREAD)


class Misses:
    """What surfaces that were found without a fold miss in it.

    Parameters
    ----------
    picks : ndarray of float, shape (n, n_inlines, n_crosslines)
    found : mapping of int to Found
        Surfaces that do not know a fold, by its number.
    fold_of : ndarray of uint8, shape (n_inlines, n_crosslines)
    """

    def __init__(
        self, picks: NDArray[np.floating], found: Mapping[int, Found], fold_of: NDArray[np.uint8]
    ) -> None:
        rows = [np.zeros((3, 0), np.float32)]
        for fold, (samples, sure) in found.items():
            there = (fold_of == fold) & np.isfinite(picks) & np.isfinite(samples)
            distance = np.abs(samples - picks)[there]
            rows.append(np.stack([np.nonzero(there)[0], sure[there], distance]))
        number, self._sure, self._distance = np.concatenate(rows, axis=1).astype(np.float32)
        self._number = number.astype(np.intp)

    def spread_of(self) -> SpreadOf:
        """Return how far off surfaces may be, given how sure they are."""
        if not len(self._sure):
            return usual_spread
        bins = np.array_split(self._sure.argsort(), min(BINS, len(self._sure)))
        at = np.array([self._sure[one].mean() for one in bins])
        mean = np.array([self._distance[one].mean() for one in bins], np.float32)
        falling = in_order(mean[::-1, None, None], np.ones((len(mean), 1, 1)))[::-1, 0, 0]
        spread = np.maximum(TO_SPREAD * falling, LEAST_SPREAD)
        return lambda sure: np.interp(sure, at, spread).astype(np.float32)
