"""Fit the affine map from line numbers to map coordinates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 0.5  # of a bin: traces further than this from the fit mean no map


def fit_to_xy(
    lines: NDArray[np.int64], coordinates: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Least squares ``(x, y) = to_xy @ (inline, crossline, 1)``.

    Parameters
    ----------
    lines : ndarray, shape (n, 2)
        Inline and crossline numbers.
    coordinates : ndarray, shape (n, 2)
        Map coordinates; all equal (as when they are all zero) means there are none.

    Returns
    -------
    ndarray of float64, shape (2, 3), or None
        None when the coordinates say nothing, lie on one line, or fit worse than half the
        distance between neighbouring traces.
    """
    centre, origin = lines.mean(axis=0), coordinates.mean(axis=0)
    away, apart = lines - centre, coordinates - origin
    if np.linalg.matrix_rank(away) < 2 or np.linalg.matrix_rank(apart) < 2:
        return None
    slope = np.linalg.lstsq(away, apart, rcond=None)[0].T
    misfit = np.abs(away @ slope.T - apart).max()
    if misfit > TOLERANCE * max(np.abs(slope).max(), np.finfo(float).tiny):
        return None
    return np.column_stack([slope, origin - slope @ centre])
