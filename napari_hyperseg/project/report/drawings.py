"""The drawings of a report: which sections and maps, as addresses that hold the picture."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from napari_hyperseg.labels.painted_lines import INLINE, TIME_SLICE
from napari_hyperseg.project.quality import boundary_name
from napari_hyperseg.project.report.facts import Subject
from napari_hyperseg.project.report.pictures import Extent, boundary_picture, section_picture
from napari_hyperseg.project.report.sections import Shown, choose_sections
from napari_hyperseg.survey.geometry import Geometry


def draw_sections(subject: Subject) -> Iterator[tuple[str, str]]:
    """Give title and picture of each section."""
    project, key = subject.project, subject.key
    labels = project.labels(key, writable=False).codes if subject.labels.totals else None
    colors = {one.code: one.color for one in subject.legend.classes}
    clip = project.entry(key).clip
    for shown in choose_sections(subject.labels.lines, subject.geometry):
        cut = _cutter(shown)
        painted = cut(labels) if shown.labelled and labels is not None else None
        left = "seismic" if painted is None else "labels"
        overlays = {left: painted, "prediction": cut(subject.prediction.facies)}
        extent, axes = _frame(shown, subject.geometry)
        picture = section_picture(
            cut(subject.survey.volume).astype(np.float32), overlays, colors, clip, extent, axes
        )
        yield f"{shown.title(subject.geometry)}: {_told(shown)}", png_url(picture)


def _told(shown: Shown) -> str:
    if shown.labelled:
        return "carries labels"
    return "through the middle" if shown.axis == TIME_SLICE else "not a labelled line"


def _cutter(shown: Shown) -> Callable[[Any], np.ndarray]:
    """What cuts a section out of a volume, the vertical axis or the inlines downwards."""
    where = tuple(shown.index if axis == shown.axis else slice(None) for axis in range(3))

    def cut(volume: Any) -> np.ndarray:
        section = np.asarray(volume[where])
        return section if shown.axis == TIME_SLICE else section.T

    return cut


def _frame(shown: Shown, geometry: Geometry) -> tuple[Extent, tuple[str, str]]:
    """Edges of a section in line numbers and time, and the names of its axes."""
    inlines, crosslines = (_edges(n) for n in (geometry.inlines, geometry.crosslines))
    if shown.axis == TIME_SLICE:
        return (*crosslines, *reversed(inlines)), ("crossline", "inline")  # type: ignore[return-value]
    times = tuple(reversed(_edges(geometry.times_ms)))
    down = f"{geometry.domain} [{geometry.vertical_unit}]"
    if shown.axis == INLINE:
        return (*crosslines, *times), ("crossline", down)  # type: ignore[return-value]
    return (*inlines, *times), ("inline", down)  # type: ignore[return-value]


def _edges(numbers: np.ndarray) -> tuple[float, float]:
    """Half a step before the first and after the last."""
    half = (numbers[-1] - numbers[0]) / max(len(numbers) - 1, 1) / 2 or 0.5
    return float(numbers[0] - half), float(numbers[-1] + half)


def draw_maps(subject: Subject, names: Mapping[tuple[int, int], str]) -> Iterator[tuple[str, str]]:
    """Give name and picture of each boundary that there is."""
    geometry = subject.geometry
    extent, _ = _frame(Shown(TIME_SLICE, 0, labelled=False), geometry)
    for pair, found in zip(pairwise(subject.order), subject.maps, strict=False):
        if np.isfinite(found.samples).any():
            times = geometry.time_at(found.samples)
            label = f"{geometry.domain} [{geometry.vertical_unit}]"
            picture = boundary_picture(times, found.sure, extent, label)
            yield boundary_name(pair, subject.legend, names), png_url(picture)


def png_url(picture: bytes) -> str:
    """Return the address of a PNG file that holds it."""
    return f"data:image/png;base64,{b64encode(picture).decode()}"


def svg_url(picture: bytes) -> str:
    """Return the address of an SVG file that holds it."""
    return f"data:image/svg+xml;base64,{b64encode(picture).decode()}"
