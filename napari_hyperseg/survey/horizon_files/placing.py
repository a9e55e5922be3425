"""Put picks on the traces of a survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.positions import Positions


def place_picks(
    positions: Positions, z: NDArray[np.float64], geometry: Geometry, path: Path
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Give the horizon of picks that lie on the grid.

    Several picks of a trace become their mean where they agree within a sample, else the
    last counts.

    Parameters
    ----------
    positions : tuple of ndarray, each of shape (n_picks,)
        Indices on the grid, rounded to the nearest trace.
    z : ndarray, shape (n_picks,)
        In the survey's vertical unit, all defined.
    geometry : Geometry
        The survey.
    path : Path
        For the warning.

    Returns
    -------
    ndarray of float64, shape (n_inlines, n_crosslines)
        NaN where no pick is.
    tuple of str
        A warning where picks disagree.
    """
    shape = geometry.shape[:2]
    i, j = (np.round(index).astype(np.int64) for index in positions)
    trace = i * shape[1] + j
    horizon = np.full(shape[0] * shape[1], np.nan)
    horizon[trace] = z
    counts = np.bincount(trace, minlength=horizon.size)
    if counts.max(initial=0) < 2:
        return horizon.reshape(shape), ()
    low, high = np.full(horizon.size, np.inf), np.full(horizon.size, -np.inf)
    np.minimum.at(low, trace, z)
    np.maximum.at(high, trace, z)
    agree = (counts > 1) & (high - low <= geometry.sample_interval_ms)
    sums = np.bincount(trace, z, minlength=horizon.size)
    horizon[agree] = sums[agree] / counts[agree]
    n_disagree = int(((counts > 1) & ~agree).sum())
    note = f"{path.name} has picks that disagree on {n_disagree} traces; the last ones count."
    return horizon.reshape(shape), (note,) if n_disagree else ()
