"""Between which ranks samples lie: what labels say of each, be it one class or several.

A painted sample has one rank.  Where a boundary is picked, all that is above has at most the rank
of the class above it, and all that is below at least that of the class below: a pick labels its
whole trace, whatever the other boundaries do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RankLimits = NDArray[np.uint8]
"""Least and most rank, shape (2, ...): 0 and 255 where nothing is known."""

UNKNOWN = 255
FAR, NEAR = 0.1, 10.0  # weight far from any pick; samples over which it falls to that


def exactly(ranks: NDArray[np.uint8]) -> RankLimits:
    """Limits of known ranks; 0 = not known."""
    return np.stack([ranks, np.where(ranks > 0, ranks, UNKNOWN).astype(np.uint8)])


def exact_ranks(limits: RankLimits) -> NDArray[np.uint8]:
    """Ranks where only one is left, shape (...); else 0."""
    least, most = limits
    return np.where(least == most, least, 0).astype(np.uint8)


def within_picks(first_below: NDArray[np.floating], at: NDArray[np.intp], last: int) -> RankLimits:
    """What picks say of whole traces.

    Parameters
    ----------
    first_below : ndarray of float, shape (n, n_traces)
        Of boundaries 1 to n from top to bottom, in samples; NaN where one is not picked.
    at : ndarray of int, shape (n_samples,)
        Samples that are asked for.
    last : int
        Rank of the deepest class that there can be.

    Returns
    -------
    RankLimits, shape (2, n_traces, n_samples)
        Not known on traces without picks, and between picks that cross.
    """
    least = np.ones((first_below.shape[1], len(at)), np.uint8)
    most = np.full_like(least, last)
    for rank, picked in enumerate(np.floor(first_below + 0.5), start=1):
        known = np.isfinite(picked)
        below = at >= picked[known, None]
        least[known] = np.where(below, np.maximum(least[known], rank + 1), least[known])
        most[known] = np.where(below, most[known], np.minimum(most[known], rank))
    picked = np.isfinite(first_below).any(axis=0)
    unknown = ~picked[:, None] | (least > most)
    return np.stack([np.where(unknown, 0, least), np.where(unknown, UNKNOWN, most)])


def pick_weights(first_below: NDArray[np.floating], at: NDArray[np.intp]) -> NDArray[np.float32]:
    """What picks are worth at samples: most beside them, least far from all.

    Parameters
    ----------
    first_below, at
        As for `within_picks`.

    Returns
    -------
    ndarray of float32, shape (n_traces, n_samples)
    """
    away = np.abs(at - first_below[..., None] + 0.5)
    nearest = np.nan_to_num(away, nan=np.inf).min(axis=0)
    return (FAR + (1 - FAR) * np.exp(-nearest / NEAR)).astype(np.float32)
