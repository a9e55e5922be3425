"""Smooth surfaces through scattered picks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator, RegularGridInterpolator

Grid = NDArray[np.float64]

MOST_PICKS = 500  # a spline through more takes seconds
NODES = 4  # traces between the nodes at which the spline is evaluated


def thin_plate(picks: Grid) -> Grid:
    """Bend a thin plate through picks.

    Parameters
    ----------
    picks : ndarray of float, shape (n_inlines, n_crosslines)
        NaN where there is none; at least one.

    Returns
    -------
    ndarray of float, same shape
        Through the picks, or near them where there are very many.
    """
    at = np.argwhere(np.isfinite(picks))
    values = picks[tuple(at.T)]
    if len(at) > MOST_PICKS:
        some = np.linspace(0, len(at) - 1, MOST_PICKS).astype(int)
        at, values = at[some], values[some]
    if np.linalg.matrix_rank(at - at[0]) < 2:
        return _along_a_line(at, values, picks.shape)
    plate = RBFInterpolator(at.astype(float), values, kernel="thin_plate_spline")
    nodes = [np.unique([*range(0, n, NODES), n - 1]) for n in picks.shape]
    coarse = plate(_points(*nodes).astype(float)).reshape([len(axis) for axis in nodes])
    if min(coarse.shape) < 2:
        return np.broadcast_to(coarse, picks.shape).copy()
    fine = RegularGridInterpolator(nodes, coarse)
    result: Grid = fine(_points(*map(np.arange, picks.shape))).reshape(picks.shape)
    return result


def _along_a_line(at: NDArray[np.intp], values: Grid, shape: tuple[int, ...]) -> Grid:
    """Straight lines between picks that lie on a line, the same across it."""
    extent = np.ptp(at, axis=0)
    axis = int(extent.argmax())
    order = at[:, axis].argsort()
    row = np.interp(np.arange(shape[axis]), at[order, axis], values[order])
    return np.broadcast_to(row[:, None] if axis == 0 else row, shape).copy()


def _points(i: NDArray[np.intp], j: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.stack(np.meshgrid(i, j, indexing="ij"), axis=-1).reshape(-1, 2)
