"""Facies from horizons, and horizons from facies.

Owns how the two say the same thing: a horizon belongs to the sample nearest to it, and that
sample is the first of the interval below.  So picks on whole samples come back exactly, and
picks between samples to half a sample, without a bias up or down.  Knows no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.order import Order, codes_of

if TYPE_CHECKING:
    from napari_hyperseg.survey.geometry import Geometry

Grid = NDArray[np.float64]
"""One value per trace, shape (n_inlines, n_crosslines); NaN where there is none."""

_CROSSING_SHARE = 0.05
"""Share of traces on which picking noise may cross two horizons that touch."""


def top_to_bottom(horizons: Mapping[str, Grid]) -> list[str]:
    """Return the horizons' names by depth.

    Parameters
    ----------
    horizons : mapping of str to ndarray, shape (n_inlines, n_crosslines)
        Two-way times in ms, NaN where absent.

    Raises
    ------
    LabelError
        If a horizon is empty, or two cross on more than 5 % of the traces they share.
    """
    for name, times in horizons.items():
        if not np.isfinite(times).any():
            raise LabelError(f"Horizon {name} has no pick on the survey.")
    everywhere = np.all([np.isfinite(times) for times in horizons.values()], axis=0)
    common = everywhere if everywhere.any() else np.ones_like(everywhere)
    names = sorted(horizons, key=lambda name: float(np.nanmean(horizons[name][common])))
    for upper, lower in pairwise(names):
        _check_order(upper, horizons[upper], lower, horizons[lower])
    return names


def facies_between(
    horizons: Sequence[Grid], geometry: Geometry, order: Order = ()
) -> NDArray[np.uint8]:
    """Make each interval between horizons a class.

    Parameters
    ----------
    horizons : sequence of ndarray, shape (n_inlines, n_crosslines)
        Two-way times in ms (depths in m), from top to bottom; NaN where absent.
    geometry : Geometry
        The survey's.
    order : tuple of int
        Codes of the intervals, from top to bottom; by default 1 above the first of n horizons,
        n + 1 below the last.

    Returns
    -------
    ndarray of uint8, shape (n_inlines, n_crosslines, n_samples)
        Facies codes; 0 on traces on which a horizon is absent.  Pages of traces without labels
        are never touched, so a few lines of a big survey cost little memory.

    Raises
    ------
    LabelError
        If there is no horizon, more than 254, or one does not fit the survey.
    """
    codes = np.zeros(geometry.shape, dtype=np.uint8)
    for i, section in interval_sections(horizons, geometry, order):
        known = section.any(axis=1)
        codes[i, known] = section[known]
    return codes


def interval_sections(
    horizons: Sequence[Grid], geometry: Geometry, order: Order = ()
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Give what `facies_between` gives, an inline at a time.

    Yields
    ------
    int
        Index of the inline.
    ndarray of uint8, shape (n_crosslines, n_samples)
        Its codes.

    Raises
    ------
    LabelError
        As `facies_between` does, before anything is given.
    """
    if not 1 <= len(horizons) <= 254:
        raise LabelError(f"Intervals need 1 to 254 horizons, not {len(horizons)}.")
    grid = geometry.shape[:2]
    for times in horizons:
        if times.shape != grid:
            raise LabelError(f"A horizon has shape {times.shape}, the survey's grid is {grid}.")
    return _sections(horizons, geometry, codes_of(order))


def _sections(
    horizons: Sequence[Grid], geometry: Geometry, code_of_rank: NDArray[np.uint8]
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    samples = np.arange(geometry.shape[2])
    for i, rows in enumerate(zip(*horizons, strict=True)):
        below = first_sample_below(np.stack(rows, axis=-1), geometry)
        known = np.isfinite(below).all(axis=-1)
        ranks = np.zeros(geometry.shape[1:], dtype=np.uint8)
        ranks[known] = 1
        for surface in below[known].T:
            ranks[known] += samples >= surface[:, None]
        yield i, code_of_rank[ranks]


def boundary_positions(ranks: NDArray[np.uint8], upper: int) -> Grid:
    """Find where each trace passes from the interval `upper` and those above to those below it.

    Where ranks are out of order, the position is the one that leaves the fewest samples on the
    wrong side.  Rank 0 takes neither side.

    Parameters
    ----------
    ranks : ndarray of uint8, shape (n_inlines, n_crosslines, n_samples)
        Intervals, numbered from top to bottom; see `order.ranks_of`.
    upper : int
        Rank of the interval above the boundary.

    Returns
    -------
    ndarray of float, shape (n_inlines, n_crosslines)
        Index of the first sample below the boundary; NaN where a trace lies on one side.
    """
    positions = np.full(ranks.shape[:2], np.nan)
    for i in range(ranks.shape[0]):
        section = np.asarray(ranks[i])
        above, below = (section <= upper) & (section > 0), section > upper
        right = np.cumsum(above.astype(np.int32) - below, axis=-1)
        found = above.any(axis=-1) & below.any(axis=-1) & (right.max(axis=-1) > 0)
        positions[i, found] = (_last_of_maximum(right) + 1)[found]
    return positions


def first_sample_below(times: Grid, geometry: Geometry) -> Grid:
    """Return the index of the sample nearest to each time, halves rounded down the trace.

    It is the first of what lies below; NaN where there is no time.
    """
    position = geometry.sample_position(times)
    return np.floor(position + 0.5 + 1e-6)


def _last_of_maximum(right: NDArray[np.int32]) -> NDArray[np.intp]:
    """Index of the last maximum along the samples."""
    return right.shape[-1] - 1 - right[..., ::-1].argmax(axis=-1)


def _check_order(upper: str, above: Grid, lower: str, below: Grid) -> None:
    shared = np.isfinite(above) & np.isfinite(below)
    crossing = np.mean(above[shared] > below[shared]) if shared.any() else 0.0
    if crossing > _CROSSING_SHARE:
        raise LabelError(
            f"Horizons {upper} and {lower} cross on {crossing:.0%} of the traces they share: "
            "give horizons that keep one order."
        )
