"""A surface within bounds, wherever it lies, and how sure it is there.

A guide is bent to where waveforms are most like those at the picks.  At first the guide is a thin
plate; once other surfaces are found, it is one of these and a thin plate of what lies between:
thickness changes less than depth, and hardly at faults.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, median_filter

from napari_hyperseg.labels.prior.aggregation import Costs, aggregated
from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.gridding import Grid
from napari_hyperseg.labels.prior.likeness import references, unlikeness
from napari_hyperseg.labels.tracking.traces import Volume
from napari_hyperseg.labels.tracking.waveforms import vertex

SEARCHES = (16, 8)  # samples around the guide, then around what was found
WINDOW = 12  # samples of a waveform on either side
JUMP_COST, FAULT_COST = 0.15, 2.0  # of a sample from trace to trace, and at most
PINNED = np.float32(50)  # cost of an offset beyond the bounds
TEMPERATURE = 0.15  # cost at which an offset is e times less likely
NEAR = 1  # offset
MEDIAN = 5  # traces
GUIDE_MEDIAN, GUIDE_BLUR = 9, 2.0  # traces


def bent_surface(
    volume: Volume, bounds: Bounds, parts: NDArray[np.uint8], guide: Grid, pull: float = 0.0
) -> tuple[Grid, Grid]:
    """Find a surface.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    bounds : Bounds
        Shape (n_inlines, n_crosslines); at least one pick.  Kept to exactly.
    parts : ndarray of uint8, same shape
        Which picks belong together; see `references`.
    guide : ndarray of float, same shape
        Where it may be, in samples.
    pull : float
        Cost of a departure of one sample from the guide.

    Returns
    -------
    samples, confidence : ndarray of float, shape (n_inlines, n_crosslines)
        Where it is; how likely within a sample and a half, 0 to 1, going by waveforms.
    """
    picks = bounds.picks
    waves = references(volume, picks, parts, WINDOW)
    here = guide
    for number, search in enumerate(SEARCHES):
        if number:
            here = gaussian_filter(median_filter(here, GUIDE_MEDIAN, mode="nearest"), GUIDE_BLUR)
        costs = unlikeness(volume, waves, here, search)
        costs += _departure(here - guide, search, pull)
        _keep_within(costs, bounds.below(here), search)
        costs = aggregated(costs, JUMP_COST, FAULT_COST)
        best = costs.argmin(axis=2)
        here = bounds.clip(here + vertex(-costs, best) - search)
    picked = np.isfinite(picks)
    smooth = bounds.clip(median_filter(here, MEDIAN, mode="nearest"))
    return np.where(picked, picks, smooth), np.where(picked, 1.0, _likely(costs, best))


def _departure(moved: Grid, search: int, pull: float) -> Costs:
    """What it costs to be away from the guide."""
    offsets = np.arange(-search, search + 1)
    return (pull * np.abs(moved[..., None] + offsets)).astype(np.float32)


def _keep_within(costs: Costs, bounds: Bounds, search: int) -> None:
    """Leave traces no offsets that are beyond the bounds, counted from the guide."""
    i, j = np.nonzero(np.isfinite(bounds.least) | np.isfinite(bounds.most))
    least, most = (limit[i, j, None] for limit in (bounds.least, bounds.most))
    middle = np.rint(0.5 * (np.maximum(least, -search) + np.minimum(most, search)))
    nearest = np.clip(middle, -search, search)  # there is always one left
    offsets = np.arange(-search, search + 1)
    within = ((offsets >= least) & (offsets <= most)) | (offsets == nearest)
    costs[i, j] = np.where(within, costs[i, j], PINNED)


def _likely(costs: Costs, best: NDArray[np.intp]) -> Grid:
    """Share of the likelihood of all offsets that is near the best one."""
    likely = np.exp((costs.min(axis=2, keepdims=True) - costs) / TEMPERATURE)
    near = np.abs(np.arange(costs.shape[2]) - best[..., None]) <= NEAR
    share: Grid = np.where(near, likely, 0).sum(axis=2) / likely.sum(axis=2)
    return share
