"""Connecting picks along lanes: least-cost paths that pass through the picks at both ends.

States are offsets around a guide; the cost of one is how unlike its waveform is to those of the
two picks that it lies between, weighted by how near they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.paths import certainty
from napari_hyperseg.labels.tracking.traces import Lanes
from napari_hyperseg.labels.tracking.waveforms import correlations, cut, unit, vertex

Grid = NDArray[np.float64]

STEEPEST = 3  # samples from one trace to the next, besides the guide's own dip
TOGETHER = 3  # lanes whose correlations are averaged: neighbours have the same horizon
FORBIDDEN = np.float32(1e6)


def connect(
    lanes: Lanes, rows: slice, picks: Grid, options: TrackingOptions, guide: Grid | None = None
) -> tuple[Grid, Grid]:
    """Find the horizon between the first and the last pick of each lane.

    Parameters
    ----------
    lanes : Lanes
    rows : slice
        Which of them.
    picks : ndarray of float, shape (n_rows, n_traces)
        Samples; NaN where there is no pick.
    options : TrackingOptions
    guide : ndarray of float, same shape, optional
        Points near which the horizon lies, the picks among them; by default the picks alone.
        Between them it is looked for around straight lines.

    Returns
    -------
    samples, quality : ndarray of float, shape (n_rows, n_traces)
        Positions, NaN outside the picks; how likely they are right, 0 to 1.
    """
    offset = 2 * options.search
    around, inside = _between(picks if guide is None else guide)
    inside &= _between(picks)[1]
    centres = np.rint(np.where(inside, around, 0)).astype(np.intp)
    half = offset + options.window
    every = np.broadcast_to(np.arange(picks.shape[1]), picks.shape)
    pieces = lanes.windows(np.arange(rows.start, rows.stop), every, centres, half)
    alike = _likeness(pieces, picks - centres, half, options.window)
    together = uniform_filter1d(alike, TOGETHER, axis=0, mode="nearest")
    costs = _pinned(-together, np.isfinite(picks), offset)
    path = _steady_paths(costs, options.jump_cost)
    samples = centres + vertex(together, path) - offset
    quality = certainty(costs, path, options.jump_cost, steepest=STEEPEST)
    samples = np.where(np.isfinite(picks), picks, np.where(inside, samples, np.nan))
    return samples, np.where(inside, np.clip(quality, 0, 1), 0.0)


def _between(picks: Grid) -> tuple[Grid, NDArray[np.bool_]]:
    """Return straight lines between picks, and where they are."""
    guide, at = picks.copy(), np.arange(picks.shape[1])
    for row in guide:
        there = np.flatnonzero(np.isfinite(row))
        if there.size:
            row[there[0] : there[-1] + 1] = np.interp(
                at[there[0] : there[-1] + 1], there, row[there]
            )
    return guide, np.isfinite(guide)


def _likeness(pieces: NDArray[np.float32], at: Grid, half: int, window: int) -> NDArray[np.float32]:
    """Correlate with the picks before and after, the nearer one counting more."""
    picked = np.isfinite(at)
    n_rows, n_traces = picked.shape
    row, trace = np.nonzero(picked)
    waves = np.zeros((n_rows, n_traces, 2 * window + 1), np.float32)
    waves[row, trace] = unit(cut(pieces[row, trace], at[row, trace] + half, window))
    index = np.arange(n_traces)
    before = np.maximum.accumulate(np.where(picked, index, -1), axis=1)
    after = np.minimum.accumulate(np.where(picked, index, n_traces)[:, ::-1], axis=1)[:, ::-1]
    share = (index - before) / np.maximum(after - before, 1)
    rows = np.arange(n_rows)[:, None]
    left = waves[rows, np.maximum(before, 0)]
    right = waves[rows, np.minimum(after, n_traces - 1)]
    share = share[..., None].astype(np.float32)
    return (1 - share) * correlations(pieces, left) + share * correlations(pieces, right)


def _pinned(
    costs: NDArray[np.float32], picked: NDArray[np.bool_], middle: int
) -> NDArray[np.float32]:
    """Forbid all but the middle offset where there is a pick."""
    costs = costs.copy()
    costs[picked] = FORBIDDEN
    costs[picked, middle] = 0
    return costs


def _steady_paths(costs: NDArray[np.float32], jump_cost: float) -> NDArray[np.intp]:
    """Find least-cost paths that are nowhere too steep."""
    n_rows, n_traces, n = costs.shape
    jumps = range(-STEEPEST, STEEPEST + 1)
    came = np.empty((n_traces, n_rows, n), np.int8)
    total = costs[:, 0].copy()
    for t in range(1, n_traces):
        padded = np.pad(total, ((0, 0), (STEEPEST, STEEPEST)), constant_values=4 * FORBIDDEN)
        ways = np.stack(
            [padded[:, STEEPEST - j : STEEPEST - j + n] + jump_cost * abs(j) for j in jumps]
        )
        came[t] = ways.argmin(axis=0) - STEEPEST
        total = ways.min(axis=0) + costs[:, t]
    path = np.empty((n_rows, n_traces), np.intp)
    path[:, -1] = total.argmin(axis=1)
    rows = np.arange(n_rows)
    for t in range(n_traces - 1, 0, -1):
        path[:, t - 1] = path[:, t] - came[t, rows, path[:, t]]
    return path
