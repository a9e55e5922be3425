"""Fit the affine map from line numbers to map coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 0.5  # of a bin: traces that are usually further from the fit mean no map


@dataclass(frozen=True, eq=False)
class MapFit:
    """An affine map from line numbers to coordinates, and how far traces lie from it.

    Parameters
    ----------
    to_xy : ndarray of float64, shape (2, 3)
        ``(x, y) = to_xy @ (inline, crossline, 1)``.
    rms, largest : float
        Distance of the traces from where the map puts them, in the coordinates' unit.
    bin_size : float
        Smaller distance between neighbouring traces.
    """

    to_xy: NDArray[np.float64]
    rms: float
    largest: float
    bin_size: float

    @property
    def believable(self) -> bool:
        """Whether traces usually lie nearer to their place than to the next."""
        return self.rms <= TOLERANCE * self.bin_size

    @property
    def exact(self) -> bool:
        """Whether all of them do."""
        return self.largest <= TOLERANCE * self.bin_size


def fit_to_xy(
    lines: NDArray[np.int64], coordinates: NDArray[np.float64], steps: tuple[int, int] = (1, 1)
) -> MapFit | None:
    """Least squares ``(x, y) = to_xy @ (inline, crossline, 1)``.

    Parameters
    ----------
    lines : ndarray, shape (n, 2)
        Inline and crossline numbers.
    coordinates : ndarray, shape (n, 2)
        Map coordinates; all equal (as when they are all zero) means there are none.
    steps : tuple of int
        Between inlines and between crosslines.

    Returns
    -------
    MapFit or None
        None when lines or coordinates lie on one line: they say nothing of the other way.
    """
    centre, origin = lines.mean(axis=0), coordinates.mean(axis=0)
    away, apart = lines - centre, coordinates - origin
    if np.linalg.matrix_rank(away) < 2 or np.linalg.matrix_rank(apart) < 2:
        return None
    slope = np.linalg.lstsq(away, apart, rcond=None)[0].T
    misfit = np.hypot(*(away @ slope.T - apart).T)
    bin_size = float(np.min(np.hypot(*slope) * np.abs(steps)))
    rms, largest = float(np.sqrt(np.mean(misfit**2))), float(misfit.max())
    return MapFit(np.column_stack([slope, origin - slope @ centre]), rms, largest, bin_size)
