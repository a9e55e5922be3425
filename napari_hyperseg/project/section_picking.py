"""Picking a horizon on a section: clicks and strokes become picks, seeds are tracked.

Owns what a click means: where it snaps, what is tracked from it, which picks stay.  Knows
survey and picks, no window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.crossings import crossings
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.labels.tracking.events import Event, snap
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.section import track_section
from napari_hyperseg.project.picks import Indices, Picks
from napari_hyperseg.survey.survey import Survey

Samples = NDArray[np.floating]
LARGEST_WINDOW = 500.0


@dataclass(frozen=True)
class PickOptions:
    """How picks are made.

    Parameters
    ----------
    window : float
        Greatest distance, in the survey's vertical unit, from a click to the event it snaps to.
    threshold : float
        How sure, 0 to 1, tracking must be to go on beyond the seeds.
    tie : bool
        Whether tracking passes through the picks of crossing lines.
    """

    window: float = 12.0
    threshold: float = 0.5
    tie: bool = True

    def as_settings(self) -> dict[str, float | bool]:
        """Return them as a project remembers them."""
        return {f"pick {field.name}": getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> PickOptions:
        """Return what a project remembers; what makes no sense is as usual."""
        window, threshold, tie = (settings.get(f"pick {field.name}") for field in fields(cls))
        return cls(
            _known(window, LARGEST_WINDOW, cls.window),
            _known(threshold, 1.0, cls.threshold),
            tie if isinstance(tie, bool) else cls.tie,
        )


class SectionPicking:
    """Picks one horizon of a survey.

    Parameters
    ----------
    survey : Survey
    picks : Picks
        The horizon's.
    event : Event
        What picks lie on.
    options : PickOptions
    """

    def __init__(self, survey: Survey, picks: Picks, event: Event, options: PickOptions) -> None:
        self._survey, self._picks = survey, picks
        self._event, self._options = event, options

    def click(self, i: int, j: int, sample: float) -> bool:
        """Set a seed; False where there is no such event near enough, or no trace."""
        at = np.array([i]), np.array([j])
        times = self._snapped(*at, np.array([sample]))
        if not np.isfinite(times).all():
            return False
        self._picks.put(*at, times, PickKind.SEED)
        return True

    def draw(self, i: Indices, j: Indices, samples: Samples) -> int:
        """Pick the traces along a stroke; returns how many had the event near enough."""
        times = self._snapped(i, j, samples)
        there = np.isfinite(times)
        self._picks.put(i[there], j[there], times[there], PickKind.DRAWN)
        return int(there.sum())

    def track(self, axis: int, index: int) -> int:
        """Track a section between and beyond its seeds, anew; also where it was erased.

        Where that leads nowhere, what was erased stays so.

        Parameters
        ----------
        axis : {0, 1}
            0 for an inline.
        index : int
            Of the section.

        Returns
        -------
        int
            Number of traces picked; 0 where there is no seed to track from.
        """
        times = self._picks.times
        i, j = section_traces(times.shape, axis, index)
        kinds = self._picks.kinds[i, j]
        fixed = kinds != PickKind.TRACKED
        if self._options.tie:
            fixed[crossings(times, axis, index).traces] = True
        seeds = np.where(fixed, times[i, j], np.nan)
        if not np.isfinite(seeds).any():
            return 0
        line = np.asarray(self._survey.volume[index if axis == 0 else (slice(None), index)])
        tracked = track_section(line, self._samples(seeds), self._section_options())
        found = self._times(tracked.samples)
        free = ~np.isfinite(seeds)
        lost = ~np.isfinite(found) & (kinds == PickKind.ERASED)
        new = np.where(lost, PickKind.ERASED, PickKind.TRACKED)
        self._picks.put(i[free], j[free], found[free], new[free])
        return int(np.isfinite(found).sum())

    def _section_options(self) -> TrackingOptions:
        return TrackingOptions(event=self._event, threshold=self._options.threshold)

    def _snapped(self, i: Indices, j: Indices, samples: Samples) -> NDArray[np.float64]:
        """Return times of the event near positions on traces; NaN where there is none."""
        geometry = self._survey.geometry
        inside = (samples > -0.5) & (samples < geometry.n_samples - 0.5)
        inside &= geometry.live_mask[i, j]
        found = np.full(len(samples), np.nan)
        if inside.any():
            traces = self._traces(i[inside], j[inside])
            window = self._options.window / geometry.sample_interval_ms
            found[inside] = snap(traces, samples[inside], self._event, window)
        return self._times(found)

    def _traces(self, i: Indices, j: Indices) -> NDArray[np.float32]:
        """Read traces; those of a section together."""
        volume = self._survey.volume
        if (i == i[0]).all():
            return np.asarray(volume[int(i[0])])[j]
        if (j == j[0]).all():
            return np.asarray(volume[:, int(j[0])])[i]
        return np.stack([np.asarray(volume[int(a), int(b)]) for a, b in zip(i, j, strict=True)])

    def _times(self, samples: Samples) -> NDArray[np.float64]:
        geometry = self._survey.geometry
        return geometry.time_at(np.asarray(samples, np.float64))

    def _samples(self, times: NDArray[np.floating]) -> NDArray[np.float64]:
        geometry = self._survey.geometry
        return geometry.sample_position(times.astype(np.float64))


def _known(value: Any, most: float, usual: float) -> float:
    """Return a setting that is a number from 0 to `most`; what is usual for any other."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= most else usual


def section_traces(shape: tuple[int, ...], axis: int, index: int) -> tuple[Indices, Indices]:
    """Return inline and crossline indices of the traces of a section."""
    along = np.arange(shape[1 - axis])
    across = np.full(along.shape, index)
    return (across, along) if axis == 0 else (along, across)


def stroke_traces(trail: list[tuple[float, float]]) -> tuple[Indices, NDArray[np.float64]]:
    """Return the traces that a stroke passes, and where it does.

    Parameters
    ----------
    trail : list of (float, float)
        Trace and sample of the mouse, in order; where it turns back, the later counts.

    Returns
    -------
    tuple of (ndarray of int, ndarray of float)
        Traces in ascending order, and samples.
    """
    found: dict[int, float] = {}
    for (a, at), (b, to) in zip(trail, trail[1:] or trail, strict=False):
        first, last = sorted((round(a), round(b)))
        for trace in range(first, last + 1):
            share = 0.5 if a == b else min(max((trace - a) / (b - a), 0.0), 1.0)
            found[trace] = at + share * (to - at)
    traces = np.array(sorted(found), dtype=np.intp)
    return traces, np.array([found[trace] for trace in traces], dtype=np.float64)


def map_traces(trail: list[tuple[float, float]], shape: tuple[int, int]) -> tuple[Indices, Indices]:
    """Return inline and crossline indices of the traces that a stroke on a map passes.

    Parameters
    ----------
    trail : list of (float, float)
        Inline and crossline index of the mouse, in order, however far apart.
    shape : tuple of int
        (n_inlines, n_crosslines); what lies outside is left out.
    """
    legs = zip(trail, trail[1:] or trail, strict=False)
    lines = [np.linspace(a, b, 2 + int(np.abs(np.subtract(b, a)).max())) for a, b in legs]
    places = np.unique(np.rint(np.concatenate(lines)).astype(np.intp), axis=0)
    inside = ((places >= 0) & (places < shape)).all(axis=1)
    return places[inside, 0], places[inside, 1]
