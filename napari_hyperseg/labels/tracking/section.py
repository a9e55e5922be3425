"""Tracking a horizon along one section, between and beyond its seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.tracking.following import follow
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.traces import Lanes


@dataclass(frozen=True, eq=False)
class SectionTrack:
    """Where a horizon was tracked on a section.

    Parameters
    ----------
    samples : ndarray of float, shape (n_traces,)
        NaN where nothing was tracked.
    quality : ndarray of float, same shape
    """

    samples: NDArray[np.float64]
    quality: NDArray[np.float64]


def track_section(
    section: NDArray[np.number], seeds: NDArray[np.floating], options: TrackingOptions
) -> SectionTrack:
    """Track."""
    volume, picks = section[None], np.asarray(seeds, np.float64)[None]
    there = follow(Lanes(volume), picks, options)
    back = follow(Lanes(volume, backwards=True), picks[:, ::-1], options)
    a, b = there.samples[0], back.samples[0, ::-1]
    qa, qb = there.quality[0], back.quality[0, ::-1]
    better = np.where(np.isfinite(a) & ((qa >= qb) | ~np.isfinite(b)), a, b)
    return SectionTrack(better, np.fmax(qa, qb))
