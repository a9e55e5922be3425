"""A surface within bounds, wherever it lies, and how sure it is there.

A guide is bent to where waveforms are most like those at the picks.  At first the guide is a thin
plate; once other surfaces are found, it is one of these and a thin plate of what lies between:
thickness changes less than depth, and hardly at faults.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, median_filter, uniform_filter

from napari_hyperseg.labels.prior.aggregation import Costs
from napari_hyperseg.labels.prior.basemap import CUBE, Basemap, Grid
from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.likeness import unlikeness
from napari_hyperseg.labels.tracking.traces import Volume
from napari_hyperseg.labels.tracking.waveforms import vertex

SEARCHES = (16, 8)  # samples around the guide, then around what was found
FAULT_COST = 2.0  # of a departure from trace to trace, at most
PINNED = np.float32(50)  # cost of an offset beyond the bounds
TEMPERATURE = 0.15  # cost at which an offset is e times less likely
NEAR = 1  # offset
MEDIAN = 5  # traces
AROUND = 11  # traces, in both directions
GUIDE_MEDIAN, GUIDE_BLUR = 9, 2.0  # traces


@dataclass(frozen=True, eq=False)
class Surface:
    """What was found of a surface.

    Parameters
    ----------
    samples, sure : ndarray of float, shape (n_inlines, n_crosslines)
        Where it is; how likely within a sample and a half, 0 to 1, going by waveforms.
    alike : float
        Mean correlation with the waveforms at the picks, less what departures from the guide cost.
    """

    samples: Grid
    sure: Grid
    alike: float


def bent_surface(
    volume: Volume,
    waves: NDArray[np.float32],
    bounds: Bounds,
    guide: Grid,
    pull: float = 0.0,
    basemap: Basemap = CUBE,
) -> Surface:
    """Find a surface.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    waves : ndarray of float32, shape (n_inlines, n_crosslines, n)
        What each trace is compared with, as from `references`.
    bounds : Bounds
        Shape (n_inlines, n_crosslines).  Kept to exactly.
    guide : ndarray of float, same shape
        Where it may be, in samples.
    pull : float
        Cost of a departure of one sample from the guide.
    basemap : Basemap
        Where the traces lie.

    Returns
    -------
    Surface
    """
    here = guide
    for number, search in enumerate(SEARCHES):
        if number:
            here = median_filter(here, basemap.around(GUIDE_MEDIAN), mode="nearest")
            here = gaussian_filter(here, GUIDE_BLUR if basemap.abreast else (0, GUIDE_BLUR))
        costs = unlikeness(volume, waves, here, search, basemap)
        costs += _departure(here - guide, search, pull)
        _keep_within(costs, bounds.below(here), search)
        gathered = basemap.aggregated(costs, here, FAULT_COST)
        best = gathered.argmin(axis=2)
        here = bounds.clip(here + vertex(-gathered, best) - search)
    picks = bounds.picks
    picked = np.isfinite(picks)
    smooth = bounds.clip(median_filter(here, basemap.around(MEDIAN), mode="nearest"))
    sure = np.where(picked, 1.0, _likely(gathered, best))
    alike = 1 - float(np.take_along_axis(costs, best[..., None], axis=2).mean())
    return Surface(np.where(picked, picks, smooth), sure, alike)


def mixed(
    volume: Volume,
    waves: NDArray[np.float32],
    surfaces: tuple[Grid, Grid],
    guide: Grid,
    pull: float,
) -> Grid:
    """Take from two surfaces what is better around each trace, counting departures from a guide.

    Parameters
    ----------
    volume, waves, guide, pull
        As for `bent_surface`.
    surfaces : pair of ndarray of float, each of shape (n_inlines, n_crosslines)
        The second one where they are equally good.
    """
    costs = [
        unlikeness(volume, waves, surface, 0)[..., 0] + pull * np.abs(surface - guide)
        for surface in surfaces
    ]
    first, second = (uniform_filter(cost, AROUND, mode="nearest") for cost in costs)
    return np.where(second > first, *surfaces)


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
