"""Tracking a horizon along one section, between and beyond its seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.tracking.connecting import connect
from napari_hyperseg.labels.tracking.events import snap
from napari_hyperseg.labels.tracking.following import follow
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.traces import Lanes

Line = NDArray[np.float64]
AGREEMENT = 1.0  # samples


@dataclass(frozen=True, eq=False)
class SectionTrack:
    """Where a horizon was tracked on a section.

    Parameters
    ----------
    samples : ndarray of float, shape (n_traces,)
        NaN where nothing was tracked.
    quality : ndarray of float, same shape
        How sure each trace is, 0 to 1, given that those between it and its seed are right.
    """

    samples: Line
    quality: Line


def track_section(
    section: NDArray[np.number], seeds: NDArray[np.floating], options: TrackingOptions
) -> SectionTrack:
    """Track a horizon between its seeds, and beyond the outermost ones until it is lost.

    Parameters
    ----------
    section : ndarray, shape (n_traces, n_samples)
        Amplitudes; dead traces are zeros, or not finite.
    seeds : ndarray of float, shape (n_traces,)
        Samples; NaN where there is no seed.  Honoured exactly.
    options : TrackingOptions
    """
    volume, picks = section[None], np.asarray(seeds, np.float64)[None]
    lanes = Lanes(volume)
    ahead = follow(lanes, picks, options)
    behind = follow(Lanes(volume, backwards=True), picks[:, ::-1], options)
    there = np.flatnonzero(np.isfinite(picks[0]))
    if not there.size:
        return SectionTrack(picks[0], np.zeros(len(seeds)))
    samples, quality = ahead.samples[0].copy(), ahead.quality[0].copy()
    before = slice(0, there[0])
    samples[before] = behind.samples[0, ::-1][before]
    quality[before] = behind.quality[0, ::-1][before]
    if there.size > 1:
        inside = slice(there[0], there[-1] + 1)
        guide = _agreed(picks, ahead.samples, behind.samples[:, ::-1])
        between, alike = connect(lanes, slice(0, 1), picks, options, guide)
        samples[inside], quality[inside] = between[0, inside], alike[0, inside]
        samples[inside] = _on_event(section, samples, seeds, options)[inside]
    return SectionTrack(samples, quality)


def _agreed(
    picks: NDArray[np.float64], ahead: NDArray[np.float64], behind: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the picks, and where following from both sides comes to the same."""
    with np.errstate(invalid="ignore"):
        same = np.abs(ahead - behind) <= AGREEMENT
    return np.where(np.isfinite(picks), picks, np.where(same, (ahead + behind) / 2, np.nan))


def _on_event(
    section: NDArray[np.number],
    samples: Line,
    seeds: NDArray[np.floating],
    options: TrackingOptions,
) -> Line:
    """Move what was tracked to the event near it; seeds stay."""
    found = snap(section, samples, options.event, options.snap_window)
    free = np.isfinite(found) & ~np.isfinite(seeds)
    return np.where(free, found, samples)
