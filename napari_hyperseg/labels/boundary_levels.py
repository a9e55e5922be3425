"""Boundaries of a prediction between samples, and how sure they are.

Owns what facies and their confidence say together of where one class passes into the next:
`targets.boundary_positions` knows whole samples only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.targets import Grid, boundary_positions

NEAR = 1.5  # samples: what "there" means, as for tracked horizons
_LEAST, _MOST = 0.505, 0.995  # shares that whole per cents can tell from a half, and from one


def boundary_levels(
    ranks: NDArray[np.uint8], confidence: NDArray[np.uint8], upper: int
) -> tuple[Grid, Grid]:
    """Find where it is as likely to be above a boundary as below, and how sure that is.

    Beside the boundary, how likely a sample lies below it follows a logistic curve of depth:
    straight in its logit.  What the last sample above and the first below say of it are two
    points on that line.

    Parameters
    ----------
    ranks : ndarray of uint8, shape (n_inlines, n_crosslines, n_samples)
        Intervals, numbered from top to bottom; see `order.ranks_of`.
    confidence : ndarray of uint8, same shape
        Per cent.
    upper : int
        Rank of the interval above the boundary.

    Returns
    -------
    samples : ndarray of float, shape (n_inlines, n_crosslines)
        At most half a sample from `boundary_positions`; NaN where there is none, or where it is
        not predicted what lies beside it.
    sure : ndarray of float, same shape
        How likely the boundary lies within a sample and a half, 0 to 1; NaN where there is none.
    """
    first_below = boundary_positions(ranks, upper)
    first_below[first_below >= ranks.shape[2]] = np.nan  # it leaves the survey
    found = np.isfinite(first_below)
    below = np.where(found, first_below, 1).astype(np.intp)[..., None]
    beside = [np.take_along_axis(ranks, at, axis=2)[..., 0] for at in (below - 1, below)]
    first_below[(beside[0] == 0) | (beside[1] == 0)] = np.nan
    above_says, below_says = (
        _logit(np.take_along_axis(confidence, at, axis=2)[..., 0]) for at in (below - 1, below)
    )
    slope = above_says + below_says  # of the logit, per sample
    samples = first_below + above_says / slope - 0.5
    # Of a logistic distribution of scale 1 / slope, the share within NEAR of its middle.
    sure = np.where(np.isfinite(samples), np.tanh(NEAR * slope / 2), np.nan)
    return samples, sure


def _logit(percent: NDArray[np.uint8]) -> Grid:
    share = np.clip(percent / 100, _LEAST, _MOST)
    return np.log(share / (1 - share))
