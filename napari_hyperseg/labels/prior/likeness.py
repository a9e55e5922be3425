"""How unlike the waveforms around a surface are to those at the nearest picks of each part.

Read a few inlines at a time: only windows around the surface are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from napari_hyperseg.labels.prior.aggregation import Costs
from napari_hyperseg.labels.prior.basemap import CUBE, Basemap, Grid
from napari_hyperseg.labels.tracking.traces import Volume
from napari_hyperseg.labels.tracking.waveforms import correlations, cut, unit

READ = 16  # inlines at a time
NEAREST = 4.0  # traces: nearer picks do not count more
TOGETHER = 3  # traces whose costs are averaged, in both directions


def references(
    volume: Volume,
    picks: Grid,
    parts: NDArray[np.uint8],
    window: int,
    basemap: Basemap = CUBE,
) -> NDArray[np.float32]:
    """Read the waveform that each trace is compared with: those of the nearest picks.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    picks : ndarray of float, shape (n_inlines, n_crosslines)
        Samples; NaN where there is none.
    parts : ndarray of uint8, same shape
        Of picks with the same number, only the nearest counts; of these, nearer ones count more.
    window : int
        Samples on either side.
    basemap : Basemap
        Where the traces lie.

    Returns
    -------
    ndarray of float32, shape (n_inlines, n_crosslines, 2 * window + 1)
        The weighted mean of waveforms of norm 1.  Correlation is linear in it.
    """
    waves = _waves(volume, picks, window)
    result = np.zeros((*picks.shape, waves.shape[1]), np.float32)
    for place, share in _nearest(np.isfinite(picks), parts, basemap):
        result += share[..., None] * waves[place]
    return result


def unlikeness(
    volume: Volume,
    waves: NDArray[np.float32],
    guide: Grid,
    search: int,
    basemap: Basemap = CUBE,
) -> Costs:
    """Compare every offset from a surface with picks.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    waves : ndarray of float32, shape (n_inlines, n_crosslines, 2 * window + 1)
        As from `references`.
    guide : ndarray of float, shape (n_inlines, n_crosslines)
        The surface, in samples.
    search : int
        Offsets on either side.
    basemap : Basemap
        Where the traces lie.

    Returns
    -------
    ndarray of float32, shape (n_inlines, n_crosslines, 2 * search + 1)
        1 less the correlation: 0 to 2.
    """
    costs = np.empty((*guide.shape, 2 * search + 1), np.float32)
    for rows in _some(volume.shape[0]):
        pieces = _pieces(volume, rows, guide[rows], search + waves.shape[2] // 2)
        costs[rows] = 1 - correlations(pieces, waves[rows])
    return uniform_filter(costs, (*basemap.around(TOGETHER), 1), mode="nearest")


def _some(n: int) -> Iterator[slice]:
    for first in range(0, n, READ):
        yield slice(first, min(first + READ, n))


def _nearest(
    picked: NDArray[np.bool_], parts: NDArray[np.uint8], basemap: Basemap
) -> list[tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """Number of the nearest pick of each part, in the order of `argwhere`, and its share."""
    found, near = [], []
    for part in np.unique(parts[picked]):
        here = picked & (parts == part)
        distance, number = basemap.nearest(here)
        found.append(np.flatnonzero(here[picked])[number])
        near.append(1 / np.square(distance + NEAREST))
    total = np.sum(near, axis=0)
    return [(f, (n / total).astype(np.float32)) for f, n in zip(found, near, strict=True)]


def _waves(volume: Volume, picks: Grid, window: int) -> NDArray[np.float32]:
    """Waveforms at all picks, of norm 1, in the order of `argwhere`."""
    waves = []
    for i in np.flatnonzero(np.isfinite(picks).any(axis=1)):
        there = np.isfinite(picks[i])
        row = np.where(there, picks[i], np.nanmean(picks[i]))
        pieces = _pieces(volume, slice(int(i), int(i) + 1), row[None], window)[0]
        waves.append(unit(pieces[there]))
    return np.concatenate(waves)


def _pieces(volume: Volume, rows: slice, centres: Grid, half: int) -> NDArray[np.float32]:
    """Cut samples on either side of centres out of some inlines, between samples linearly."""
    last = volume.shape[2] - 1
    top = int(np.clip(np.floor(centres.min()) - half, 0, last))
    base = int(np.clip(np.ceil(centres.max()) + half + 2, top + 1, last + 1))
    with np.errstate(over="ignore", invalid="ignore"):  # float64 beyond float32
        block = np.asarray(volume[rows, :, top:base]).astype(np.float32)
    np.nan_to_num(block, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    flat = cut(block.reshape(-1, base - top), (centres - top).ravel(), half)
    return flat.reshape(*centres.shape, 2 * half + 1)
