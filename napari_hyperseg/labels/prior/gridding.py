"""Smooth surfaces through scattered picks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from napari_hyperseg.labels.prior.basemap import CUBE, Basemap, Grid
from napari_hyperseg.labels.prior.bounds import Bounds

MOST_PICKS = 500  # a spline through more takes seconds
FEWER_PICKS = 250  # where several splines are made
KERNEL = "thin_plate_spline"
REFINEMENTS = 3
TOLERANCE = 0.5  # samples
LEAST_WIDTH = 0.1  # traces, root of the sum of squares: picks that are nearer to a line lie on it


def plate_within(bounds: Bounds, basemap: Basemap = CUBE) -> Grid:
    """Bend a thin plate through picks, and past the limits that it would be beyond otherwise.

    Parameters
    ----------
    bounds : Bounds
        Shape (n_inlines, n_crosslines); at least one pick.
    basemap : Basemap
        Where the traces lie.
    """
    return within(bounds, lambda picks: thin_plate(picks, basemap))


def within(bounds: Bounds, through: Callable[[Grid], Grid]) -> Grid:
    """Lay a surface through picks; where it is beyond the limits, these become picks.

    Parameters
    ----------
    bounds : Bounds
        Shape (n_inlines, n_crosslines); at least one pick.
    through : callable
        Makes a surface of picks, NaN where there is none.
    """
    picks = bounds.picks
    surface = through(picks)
    for _ in range(REFINEMENTS):
        nearest = bounds.clip(surface)
        beyond = np.abs(nearest - surface) > TOLERANCE
        if not beyond.any():
            break
        picks = np.where(beyond & np.isnan(picks), nearest, picks)
        surface = through(picks)
    return surface


def misfit(picks: Grid, parts: NDArray[np.uint8], basemap: Basemap = CUBE) -> float:
    """Mean distance of picks from a thin plate through those of the other parts.

    Parameters
    ----------
    picks : ndarray of float, shape (n_inlines, n_crosslines)
        NaN where there is none; at least one.
    parts : ndarray of uint8, same shape
        Picks with the same number are left out together.
    basemap : Basemap
        Where the traces lie.

    Returns
    -------
    float
        In samples; NaN where there is nothing to leave out.
    """
    traces = np.argwhere(np.isfinite(picks))
    traces = traces[np.linspace(0, len(traces) - 1, min(len(traces), FEWER_PICKS)).astype(int)]
    values, part, at = picks[tuple(traces.T)], parts[tuple(traces.T)], basemap.places(traces)
    missed = [np.zeros(0)]
    for left_out in np.unique(part):
        known, out = part != left_out, part == left_out
        if known.any() and not _on_a_line(at[known], basemap):
            missed.append(np.abs(_plate(at[known], values[known])(at[out]) - values[out]))
    total = np.concatenate(missed)
    return float(total.mean()) if len(total) else np.nan


def thin_plate(picks: Grid, basemap: Basemap = CUBE) -> Grid:
    """Bend a thin plate through picks.

    Parameters
    ----------
    picks : ndarray of float, shape (n_inlines, n_crosslines)
        NaN where there is none; at least one.
    basemap : Basemap
        Where the traces lie.

    Returns
    -------
    ndarray of float, same shape
        Through the picks, or near them where there are very many.
    """
    traces = np.argwhere(np.isfinite(picks))
    values = picks[tuple(traces.T)]
    if len(traces) > MOST_PICKS:
        some = np.linspace(0, len(traces) - 1, MOST_PICKS).astype(int)
        traces, values = traces[some], values[some]
    at = basemap.places(traces)
    if _on_a_line(at, basemap):
        everywhere = basemap.places(np.argwhere(np.ones(picks.shape, bool)))
        return _along_a_line(at, values)(everywhere).reshape(picks.shape)
    return basemap.evaluated(_plate(at, values), picks.shape)


def _plate(at: Grid, values: Grid) -> RBFInterpolator:
    """Bend through one value a trace: lines that cross say it twice."""
    _, first = np.unique(np.rint(at), axis=0, return_index=True)
    return RBFInterpolator(at[first], values[first], kernel=KERNEL)


def _on_a_line(at: Grid, basemap: Basemap) -> bool:
    if len(at) < 3:
        return True
    length, width = np.linalg.svd(at - at.mean(axis=0), compute_uv=False)
    return bool(width <= max(LEAST_WIDTH, basemap.straight * length))


def _along_a_line(at: Grid, values: Grid) -> Callable[[Grid], Grid]:
    """Straight lines between picks that lie on a line, the same across it."""
    axis = np.linalg.svd(at - at.mean(axis=0), full_matrices=False)[2][0]
    along = at @ axis
    order = along.argsort()
    return lambda places: np.interp(places @ axis, along[order], values[order])
