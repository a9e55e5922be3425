"""Whether confidence says how often a prediction is right.

Owns the definitions; knows numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 10  # as wide as each other, from 0 to 1


@dataclass(frozen=True)
class Reliability:
    """Confidence beside what came true of it, in `BINS` bins of confidence.

    Parameters
    ----------
    counts : tuple of int
        Voxels in each bin.
    confidence, accuracy : tuple of float or None
        Their mean confidence, and the share of them that is right; None for an empty bin.

    Notes
    -----
    Guo et al., "On calibration of modern neural networks", ICML 2017, equations 2 and 3.
    """

    counts: tuple[int, ...]
    confidence: tuple[float | None, ...]
    accuracy: tuple[float | None, ...]

    @property
    def calibration_error(self) -> float:
        """Mean distance of confidence and accuracy over the bins, by voxels; NaN without any."""
        pairs = zip(self.counts, self.confidence, self.accuracy, strict=True)
        apart = sum(n * abs(c - a) for n, c, a in pairs if c is not None and a is not None)
        return float(apart / sum(self.counts)) if sum(self.counts) else np.nan


def confidence_sums(confidence: ArrayLike, right: ArrayLike) -> NDArray[np.float64]:
    """Count voxels by confidence.

    Sums add up: sum those of parts to judge the whole.

    Parameters
    ----------
    confidence : array of float, shape (n,)
        Probability of the predicted class, 0 to 1.
    right : array of bool, shape (n,)
        Whether it is the true one.

    Returns
    -------
    ndarray of float, shape (3, BINS)
        For each bin: voxels, sum of their confidence, and how many of them are right.  A bin
        holds its upper edge, the first one its lower edge, too.
    """
    sure, hits = np.asarray(confidence, np.float64).ravel(), np.asarray(right).ravel()
    numbers = np.clip(np.ceil(sure * BINS).astype(np.intp) - 1, 0, BINS - 1)
    weights = (None, sure, hits.astype(np.float64))
    return np.stack([np.bincount(numbers, weights=w, minlength=BINS) for w in weights])


def reliability_of(sums: NDArray[np.floating]) -> Reliability:
    """Turn the sums of `confidence_sums` into means."""
    voxels = np.asarray(sums[0])
    means = (
        tuple(float(part / n) if n else None for part, n in zip(row, voxels, strict=True))
        for row in sums[1:]
    )
    return Reliability(tuple(int(n) for n in voxels), *means)
