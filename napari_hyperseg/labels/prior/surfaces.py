"""A surface from a few picked lines or wells, wherever it lies, and how sure it is there.

Either a thin plate through the picks is bent to where waveforms are most like those at the picks,
or the picks are tracked from trace to trace.  The first holds where faults part the picks, the
second where they are far apart and layers thin: lines that are left out tell which is better.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, median_filter

from napari_hyperseg.labels.prior.aggregation import Costs, aggregated
from napari_hyperseg.labels.prior.gridding import Grid, thin_plate
from napari_hyperseg.labels.prior.likeness import References, unlikeness
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.traces import Volume
from napari_hyperseg.labels.tracking.volume import track_volume
from napari_hyperseg.labels.tracking.waveforms import vertex

SEARCHES = (16, 8)  # samples around the plate, then around what was found
WINDOW = 12  # samples of a waveform on either side
JUMP_COST, FAULT_COST = 0.15, 2.0  # of a sample from trace to trace, and at most
PINNED = np.float32(50)  # cost of all offsets but a pick's own
TEMPERATURE = 0.15  # cost at which an offset is e times less likely
NEAR = 1  # offset
MEDIAN = 5  # traces
GUIDE_MEDIAN, GUIDE_BLUR = 9, 2.0  # traces


def tracked_surface(volume: Volume, picks: Grid, parts: NDArray[np.uint8]) -> tuple[Grid, Grid]:
    """Track a surface; where the track ends, a thin plate goes on.  As `bent_surface`."""
    track = track_volume(volume, picks, TrackingOptions(event=Event.NONE, threshold=0.0))
    assert track is not None
    known = np.isfinite(track.samples)
    if known.all():
        return track.samples, track.confidence
    return np.where(known, track.samples, thin_plate(track.samples)), track.confidence


def bent_surface(volume: Volume, picks: Grid, parts: NDArray[np.uint8]) -> tuple[Grid, Grid]:
    """Find a surface.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    picks : ndarray of float, shape (n_inlines, n_crosslines)
        Samples; NaN where there is none; at least one.  Honoured exactly.
    parts : ndarray of uint8, same shape
        Which picks belong together; see `References`.

    Returns
    -------
    samples, confidence : ndarray of float, shape (n_inlines, n_crosslines)
        Where it is; how likely within a sample and a half, 0 to 1, going by waveforms.
    """
    guide = thin_plate(picks)
    picked = np.isfinite(picks)
    references = References.of(volume, picks, parts, WINDOW)
    for number, search in enumerate(SEARCHES):
        if number:
            guide = gaussian_filter(median_filter(guide, GUIDE_MEDIAN, mode="nearest"), GUIDE_BLUR)
        costs = unlikeness(volume, references, guide, search)
        _pin(costs, picks - guide + search)
        costs = aggregated(costs, JUMP_COST, FAULT_COST)
        best = costs.argmin(axis=2)
        samples = guide + vertex(-costs, best) - search
        guide = np.where(picked, picks, samples)
    smooth = median_filter(guide, MEDIAN, mode="nearest")
    confidence = np.where(picked, 1.0, _likely(costs, best))
    return np.where(picked, picks, smooth), confidence


def _pin(costs: Costs, offsets: Grid) -> None:
    """Leave picked traces no other offset."""
    i, j = np.nonzero(np.isfinite(offsets))
    own = np.clip(np.rint(offsets[i, j]), 0, costs.shape[2] - 1).astype(np.intp)
    costs[i, j] = PINNED
    costs[i, j, own] = 0


def _likely(costs: Costs, best: NDArray[np.intp]) -> Grid:
    """Share of the likelihood of all offsets that is near the best one."""
    likely = np.exp((costs.min(axis=2, keepdims=True) - costs) / TEMPERATURE)
    near = np.abs(np.arange(costs.shape[2]) - best[..., None]) <= NEAR
    share: Grid = np.where(near, likely, 0).sum(axis=2) / likely.sum(axis=2)
    return share
