"""Smooth surfaces through scattered picks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator, RegularGridInterpolator

from napari_hyperseg.labels.prior.bounds import Bounds

Grid = NDArray[np.float64]

MOST_PICKS = 500  # a spline through more takes seconds
FEWER_PICKS = 250  # where several splines are made
KERNEL = "thin_plate_spline"
REFINEMENTS = 3
TOLERANCE = 0.5  # samples
NODES = 4  # traces between the nodes at which the spline is evaluated


def plate_within(bounds: Bounds) -> Grid:
    """Bend a thin plate through picks, and past the limits that it would be beyond otherwise.

    Parameters
    ----------
    bounds : Bounds
        Shape (n_inlines, n_crosslines); at least one pick.
    """
    picks = bounds.picks
    plate = thin_plate(picks)
    for _ in range(REFINEMENTS):
        within = bounds.clip(plate)
        beyond = np.abs(within - plate) > TOLERANCE
        if not beyond.any():
            break
        picks = np.where(beyond & np.isnan(picks), within, picks)
        plate = thin_plate(picks)
    return plate


def misfit(picks: Grid, parts: NDArray[np.uint8]) -> float:
    """Mean distance of picks from a thin plate through those of the other parts.

    Parameters
    ----------
    picks : ndarray of float, shape (n_inlines, n_crosslines)
        NaN where there is none; at least one.
    parts : ndarray of uint8, same shape
        Picks with the same number are left out together.

    Returns
    -------
    float
        In samples; NaN where there is nothing to leave out.
    """
    at = np.argwhere(np.isfinite(picks))
    at = at[np.linspace(0, len(at) - 1, min(len(at), FEWER_PICKS)).astype(int)]
    values, part = picks[tuple(at.T)], parts[tuple(at.T)]
    missed = [np.zeros(0)]
    for left_out in np.unique(part):
        known, out = part != left_out, part == left_out
        if np.linalg.matrix_rank(at[known] - at[known][:1]) == 2:
            plate = RBFInterpolator(at[known].astype(float), values[known], kernel=KERNEL)
            missed.append(np.abs(plate(at[out].astype(float)) - values[out]))
    total = np.concatenate(missed)
    return float(total.mean()) if len(total) else np.nan


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
    plate = RBFInterpolator(at.astype(float), values, kernel=KERNEL)
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
