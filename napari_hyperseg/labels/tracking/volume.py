"""Tracking a horizon through a volume, from everything that is picked of it.

Along lanes on which there are picks it is connected between them and followed beyond; what was
found then serves as picks of the lanes across.  A median at the end takes out single errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from napari_hyperseg.labels.tracking.connecting import connect
from napari_hyperseg.labels.tracking.following import follow
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.traces import Lanes, Volume

Grid = NDArray[np.float64]
Progress = Callable[[float], object]

AT_A_TIME = 64  # lanes that are connected together
MEDIAN_ACROSS, MEDIAN_ALONG = 5, 9  # traces
PASSES = 4


@dataclass(frozen=True, eq=False)
class VolumeTrack:
    """Where a horizon was tracked.

    Parameters
    ----------
    samples : ndarray of float, shape (n_inlines, n_crosslines)
        NaN where nothing was tracked.
    confidence : ndarray of float, same shape
        0 to 1: how likely the horizon is within a sample and a half, going by the paths that
        were possible, given the picks and what was tracked before; less where the median
        disagrees.
    """

    samples: Grid
    confidence: Grid


def track_volume(
    volume: Volume,
    picks: NDArray[np.floating],
    options: TrackingOptions,
    progress: Progress = lambda share: None,
    wanted: Callable[[], bool] = lambda: True,
) -> VolumeTrack | None:
    """Track a horizon from its picks.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples); read in pieces around the horizon.
    picks : ndarray of float, shape (n_inlines, n_crosslines)
        Samples; NaN where there is no pick.  Honoured exactly.
    options : TrackingOptions
    progress : callable
        Told the share that is done, 0 to 1.
    wanted : callable
        Asked now and then whether to go on.

    Returns
    -------
    VolumeTrack, or None
        None where it was not wanted any more.
    """
    given: Grid = np.asarray(picks, np.float64)
    samples: Grid = given.copy()
    quality: Grid = np.isfinite(given).astype(np.float64)
    along = _first_direction(given)
    for number in range(PASSES):
        lanes = Lanes(volume, along)
        turned = samples if along == 1 else samples.T
        for rows, found, good in _tracked(lanes, turned, options):
            if not wanted():
                return None
            _take(samples, quality, (rows, found, good), along)
            progress((number + rows.stop / lanes.n_lanes) / PASSES)
        if np.isfinite(samples).all():
            break
        along = 1 - along
    return _smoothed(samples, quality, given, _first_direction(given))


def _first_direction(picks: Grid) -> int:
    """Begin along the lanes of which more have a pick: a picked crossline starts every inline."""
    there = np.isfinite(picks)
    shares = there.any(axis=1).mean(), there.any(axis=0).mean()
    return 1 if shares[0] >= shares[1] else 0


def _tracked(
    lanes: Lanes, picks: Grid, options: TrackingOptions
) -> Iterator[tuple[slice, Grid, Grid]]:
    """Yield what is found on some lanes at a time, from the picks on them."""
    ahead = follow(lanes, picks, options)
    behind = follow(Lanes(lanes.volume, lanes.along, backwards=True), picks[:, ::-1], options)
    beyond = np.where(np.isfinite(ahead.samples), ahead.samples, behind.samples[:, ::-1])
    sure = np.where(np.isfinite(ahead.samples), ahead.quality, behind.quality[:, ::-1])
    for first in range(0, lanes.n_lanes, AT_A_TIME):
        rows = slice(first, min(first + AT_A_TIME, lanes.n_lanes))
        found, good = beyond[rows].copy(), sure[rows].copy()
        several = np.flatnonzero(np.isfinite(picks[rows]).sum(axis=1) > 1)
        if several.size:
            between, alike = connect(lanes, rows, picks[rows], options)
            inside = np.isfinite(between)
            found[inside], good[inside] = between[inside], alike[inside]
        yield rows, found, good


def _take(samples: Grid, quality: Grid, found: tuple[slice, Grid, Grid], along: int) -> None:
    """Fill what was not known."""
    rows, positions, good = found
    into, sure = (samples, quality) if along == 1 else (samples.T, quality.T)
    new = ~np.isfinite(into[rows]) & np.isfinite(positions)
    into[rows][new], sure[rows][new] = positions[new], good[new]


def _smoothed(samples: Grid, quality: Grid, picks: Grid, along: int) -> VolumeTrack:
    """Take the median of neighbours; picks stay, holes stay."""
    known = np.isfinite(samples)
    size = (MEDIAN_ACROSS, MEDIAN_ALONG) if along == 1 else (MEDIAN_ALONG, MEDIAN_ACROSS)
    filled = np.where(known, samples, np.nanmedian(samples) if known.any() else 0.0)
    whole = bool(known.all())
    smooth = median_filter(filled, size, mode="nearest") if whole else samples
    picked = np.isfinite(picks)
    result = np.where(picked, picks, np.where(known, smooth, np.nan))
    moved = np.abs(np.where(known, samples, 0) - np.where(known, smooth, 0))
    agreement = np.exp(-np.maximum(moved - 1, 0))  # a sample is no disagreement
    confidence = np.where(picked, 1.0, np.where(known, quality * agreement, 0.0))
    return VolumeTrack(result, confidence)
