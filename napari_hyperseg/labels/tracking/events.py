"""The events of a trace that a horizon lies on, and the nearest one to a position.

Owns what a peak, a trough and a zero crossing are between samples, on clipped traces too;
knows one trace at a time, and nothing of horizons.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]

BEYOND = 12  # samples looked at on either side of a window: a clipped peak may reach out of it


class Event(Enum):
    """What a horizon lies on; the values are stored."""

    PEAK = "peak"
    TROUGH = "trough"
    RISING = "rising"
    """Zero crossing from negative to positive, downwards."""
    FALLING = "falling"
    """Zero crossing from positive to negative, downwards."""
    NONE = "none"
    """Nothing in particular."""


def snap(
    traces: NDArray[np.number], samples: ArrayLike, event: Event, window: float
) -> NDArray[np.float64]:
    """Move positions on traces to the nearest event of a kind.

    A peak lies at the vertex of the parabola through its three samples; where neighbouring
    samples are equal, as on a clipped peak, they count as one in the middle.  A zero crossing
    lies on the straight line between two samples.

    Parameters
    ----------
    traces : ndarray, shape (n_traces, n_samples)
        Amplitudes; samples that are not finite hold no event.
    samples : array_like of float, shape (n_traces,)
        Where to look, one position a trace; NaN: nowhere.
    event : Event
        `Event.NONE` leaves all positions as they are.
    window : float
        Farthest distance of the event, in samples.

    Returns
    -------
    ndarray of float64, shape (n_traces,)
        NaN where there is no such event within the window.
    """
    positions = np.asarray(samples, np.float64)
    if event is Event.NONE:
        return positions.copy()
    known = np.isfinite(positions)
    half = int(np.ceil(window)) + BEYOND
    first = np.rint(np.where(known, positions, 0)).astype(np.intp) - half
    index = first[:, None] + np.arange(2 * half + 1)
    outside = (index < 0) | (index >= traces.shape[1])
    pieces = np.take_along_axis(traces, np.clip(index, 0, traces.shape[1] - 1), axis=1)
    found = snap_in(np.where(outside, np.nan, pieces), positions - first, event, window)
    return found + first


def snap_in(
    pieces: Floats, at: NDArray[np.float64], event: Event, window: float
) -> NDArray[np.float64]:
    """Do the same on pieces of traces, with positions counted from their beginnings."""
    places = _PLACES[event](pieces)
    with np.errstate(invalid="ignore"):
        distance = np.abs(places - at[:, None])
        distance[~(distance <= window)] = np.inf  # NaN, too
    nearest = distance.argmin(axis=1)[:, None]
    found = np.take_along_axis(places, nearest, axis=1)[:, 0]
    near = np.take_along_axis(distance, nearest, axis=1)[:, 0]
    return np.where(np.isfinite(near), found, np.nan)


def _peaks(pieces: Floats) -> Floats:
    """Position of the peak at each sample; NaN where there is none."""
    begin, end = _runs(pieces)
    last = pieces.shape[1] - 1
    before = np.take_along_axis(pieces, np.maximum(begin - 1, 0), axis=1)
    after = np.take_along_axis(pieces, np.minimum(end + 1, last), axis=1)
    with np.errstate(invalid="ignore"):  # NaN is no peak, and no neighbour of one
        higher = (pieces > before) & (pieces > after) & (begin > 0) & (end < last)
    # Vertex of the parabola through (-1, before), (0, top), (1, after).
    curvature = np.where(higher, 2.0 * pieces - before - after, 1.0)
    return np.where(higher, (begin + end) / 2 + (after - before) / (2 * curvature), np.nan)


def _rising(pieces: Floats) -> Floats:
    """Position of the rising zero crossing at or after each sample; NaN where there is none."""
    signs = np.sign(pieces)
    begin, end = _runs(signs)
    last = pieces.shape[1] - 1
    places = np.full(pieces.shape, np.nan)
    # Straight from a negative sample to a positive one.
    here, there = pieces[:, :-1], pieces[:, 1:]
    with np.errstate(invalid="ignore"):
        straight = (here < 0) & (there > 0)
    share = here / np.where(straight, here - there, 1.0)
    places[:, :-1] = np.where(straight, np.arange(last) + share, np.nan)
    # Samples that are zero between a negative one and a positive one: their middle.
    before = np.take_along_axis(signs, np.maximum(begin - 1, 0), axis=1)
    after = np.take_along_axis(signs, np.minimum(end + 1, last), axis=1)
    through = (signs == 0) & (before < 0) & (after > 0)
    return np.where(through, (begin + end) / 2, places)


def _runs(values: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last index of the run of equal values around each value."""
    index = np.arange(values.shape[1])
    differs = values[:, 1:] != values[:, :-1]
    edge = np.ones((len(values), 1), bool)
    begin = np.where(np.concatenate([edge, differs], axis=1), index, 0)
    end = np.where(np.concatenate([differs, edge], axis=1), index, index[-1])
    return (
        np.maximum.accumulate(begin, axis=1),
        np.minimum.accumulate(end[:, ::-1], axis=1)[:, ::-1],
    )


_PLACES = {
    Event.PEAK: _peaks,
    Event.TROUGH: lambda pieces: _peaks(-pieces),
    Event.RISING: _rising,
    Event.FALLING: lambda pieces: _rising(-pieces),
}
