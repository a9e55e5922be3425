"""What a horizon can be filled in with otherwise: gridding, and following trace by trace."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator
from scipy.ndimage import median_filter

from napari_hyperseg.labels.tracking.events import Event, snap
from napari_hyperseg.labels.tracking.waveforms import correlations, cut, unit

Grid = NDArray[np.float64]
Volume = NDArray[np.floating]

SNAP_GRIDDED = 8.0  # samples: of 2, 3, 5 and 8 the best on the Penobscot window
MEDIAN = (5, 9)  # traces, as ours
NEIGHBOURS = 200
NEAREST = 3.0  # samples from one trace to the next
WINDOW, SEARCH = 12, 3


def linear(picks: Grid) -> Grid:
    """Draw straight lines between the picked crosslines, inline by inline."""
    at = np.arange(picks.shape[1])
    there = [np.flatnonzero(np.isfinite(row)) for row in picks]
    rows = [np.interp(at, k, row[k]) for k, row in zip(there, picks, strict=True)]
    return np.array(rows)


def splines(picks: Grid) -> Grid:
    """Lay thin-plate splines through the picks, each place from the picks nearest to it."""
    known = np.isfinite(picks)
    places = np.argwhere(known).astype(float)
    near = min(NEIGHBOURS, len(places))
    through = RBFInterpolator(places, picks[known], near, kernel="thin_plate_spline")
    everywhere = np.indices(picks.shape).reshape(2, -1).T
    return through(everywhere.astype(float)).reshape(picks.shape)


def snapped(volume: Volume, gridded: Grid, event: Event) -> Grid:
    """Move a surface to the event nearest to it, then smooth it."""
    traces = volume.reshape(-1, volume.shape[2])
    found = snap(traces, gridded.ravel(), event, SNAP_GRIDDED).reshape(gridded.shape)
    return median_filter(np.where(np.isfinite(found), found, gridded), MEDIAN, mode="nearest")


def nearest_event(section: Volume, trace: int, sample: float, event: Event) -> Grid:
    """Follow the event nearest to that of the trace before; where there is none, go on level."""

    def step(last: float, j: int) -> float:
        found = snap(section[j : j + 1], [last], event, NEAREST)[0]
        return float(found) if np.isfinite(found) else last

    return _outwards(len(section), trace, sample, step)


def most_alike(section: Volume, trace: int, sample: float, event: Event) -> Grid:
    """Follow the waveform most like that of the trace before, on the event nearest to it."""
    half = WINDOW + SEARCH
    padded = np.pad(section.astype(np.float32), ((0, 0), (half + 1, half + 1)), mode="edge")
    waves = {trace: _wave(padded[trace], sample)}

    def step(last: float, j: int) -> float:
        before = waves[j - 1] if j - 1 in waves else waves[j + 1]
        centre = round(last) + half + 1
        piece = padded[j : j + 1, None, centre - half : centre + half + 1]
        at = round(last) + int(correlations(piece, before)[0, 0].argmax()) - SEARCH
        found = snap(section[j : j + 1], [float(at)], event, NEAREST)[0]
        at = float(np.clip(found if np.isfinite(found) else at, 0, section.shape[1] - 1))
        waves[j] = _wave(padded[j], at)
        return at

    return _outwards(len(section), trace, sample, step)


def _wave(padded: NDArray[np.float32], sample: float) -> NDArray[np.float32]:
    return unit(cut(padded[None], np.array([sample + WINDOW + SEARCH + 1]), WINDOW))


def _outwards(n: int, trace: int, sample: float, step: Callable[[float, int], float]) -> Grid:
    """Go step by step from a trace to both ends."""
    found = np.full(n, np.nan)
    for traces in (range(trace + 1, n), range(trace - 1, -1, -1)):
        found[trace] = last = sample
        for j in traces:
            found[j] = last = step(last, j)
    return found
