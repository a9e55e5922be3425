"""Surfaces that keep their order: the nearest ones that do not cross."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def in_order(surfaces: NDArray[np.floating], weights: NDArray[np.floating]) -> NDArray[np.float32]:
    """Move crossing surfaces to where they touch: isotonic regression, trace by trace.

    Parameters
    ----------
    surfaces : ndarray of float, shape (n, n_inlines, n_crosslines)
        From top to bottom, in samples.
    weights : ndarray of float, same shape
        How much each is worth where they disagree; positive.

    Returns
    -------
    ndarray of float32, same shape
        The least weighted squares away, none above the one before it.

    Notes
    -----
    Where there is an order to restore, the value at n is the largest, over the first surfaces up
    to n, of the smallest mean from there to a surface from n on (Barlow et al., Statistical
    Inference under Order Restrictions, 1972, min-max formula).
    """
    result = np.array(surfaces, np.float32)
    crossing = (np.diff(result, axis=0) < 0).any(axis=0)
    if crossing.any():
        result[:, crossing] = _isotonic(
            result[:, crossing].astype(np.float64), weights[:, crossing].astype(np.float64)
        )
    return result


def _isotonic(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (n, traces), ascending along the first axis."""
    n = len(values)
    total = np.concatenate([np.zeros_like(values[:1]), np.cumsum(weights * values, axis=0)])
    weight = np.concatenate([np.zeros_like(values[:1]), np.cumsum(weights, axis=0)])
    best = np.full_like(values, -np.inf)
    for first in range(n):
        means = (total[first + 1 :] - total[first]) / (weight[first + 1 :] - weight[first])
        least = np.minimum.accumulate(means[::-1], axis=0)[::-1]
        np.maximum(best[first:], least, out=best[first:])
    return best
