"""The page of a report: what it says of its subject, put into the template.

Owns words and order; everything it needs is in the page, which runs nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from napari_hyperseg import __version__
from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.painted_lines import CROSSLINE, INLINE, TIME_SLICE
from napari_hyperseg.project.quality import (
    CONFUSION_SAYS,
    boundary_columns,
    boundary_name,
    boundary_row,
    calibration_text,
    class_figures,
    confusion_shares,
    held_out_text,
    horizon_names,
    named_boundaries,
    order_text,
    percent,
    plain,
    why_no_boundaries,
)
from napari_hyperseg.project.report.facts import Subject
from napari_hyperseg.project.report.pictures import (
    Extent,
    boundary_picture,
    curves_picture,
    reliability_picture,
    section_picture,
)
from napari_hyperseg.project.report.sections import Shown, choose_sections
from napari_hyperseg.project.wording import duration_text, extent_lines
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.replacing import replacing

Row = tuple[str, ...]


def write_report(subject: Subject, path: Path) -> None:
    """Write the page; what was there before stays until it is whole.

    Raises
    ------
    ProjectError
        If it cannot be written.
    """
    page = render(subject)
    try:
        with replacing(path) as beside:
            beside.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ProjectError(f"{path} cannot be written: {error.strerror}.") from error


def render(subject: Subject) -> str:
    """Return the page as HTML."""
    loader = PackageLoader("napari_hyperseg.project.report", "")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("template.html").render(_content(subject))


def _content(subject: Subject) -> dict[str, Any]:
    record, entry = subject.record, subject.project.entry(subject.key)
    names = horizon_names(entry)
    return {
        "title": f"{subject.key}: facies predicted from a few labelled lines",
        "made": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        "version": __version__,
        "survey": _survey_rows(subject),
        "classes": _label_rows(subject),
        "lines": _line_rows(subject),
        "training": _training_rows(subject),
        "curves": _svg(curves_picture(record)) if record.steps else "",
        "held_out": _held_out(subject, names),
        "truth": _truth(subject),
        "sections": list(_sections(subject)),
        "maps": list(_maps(subject, names)),
        "no_maps": why_no_boundaries(record.last_scores) if not subject.maps else "",
    }


def _survey_rows(subject: Subject) -> list[Row]:
    geometry = subject.geometry
    inlines, crosslines, samples = extent_lines(geometry)
    live = int(geometry.live_mask.sum())
    return [
        ("project", str(subject.project.folder)),
        ("seismic", str(subject.survey.source.path)),
        ("inlines", inlines),
        ("crosslines", crosslines),
        ("samples", samples),
        ("traces", f"{live:,} of {geometry.live_mask.size:,} positions"),
    ]


def _label_rows(subject: Subject) -> list[tuple[str, Row]]:
    """Colour, name and voxels of each class, from top to bottom."""
    voxels, total = dict(subject.labels.totals), int(subject.geometry.live_mask.sum())
    samples = total * subject.geometry.n_samples
    return [
        (one.color, (one.name, f"{(n := voxels.get(one.code, 0)):,}", f"{n / samples:.2%}"))
        for one in subject.legend.classes
    ]


def _line_rows(subject: Subject) -> list[Row]:
    geometry = subject.geometry
    kinds = (
        (INLINE, "inlines", geometry.inlines),
        (CROSSLINE, "crosslines", geometry.crosslines),
        (TIME_SLICE, f"slices [{geometry.vertical_unit}]", geometry.times_ms),
    )
    rows: list[Row] = []
    for axis, name, numbers in kinds:
        found = [f"{numbers[line.index]:g}" for line in subject.labels.lines if line.axis == axis]
        rows += [(name, ", ".join(found))] if found else []
    return rows


def _training_rows(subject: Subject) -> list[Row]:
    record = subject.record
    rows: list[Row] = [("model", subject.prediction.model)]
    if record.steps:
        rows += [("steps", f"{record.step:,}"), ("time", duration_text(record.seconds))]
    if record.device:
        rows += [("computed on", record.device)]
    return [*rows, ("predicted", f"{subject.predicted:.1%} of the samples of the survey")]


def _held_out(subject: Subject, names: dict[tuple[int, int], str]) -> dict[str, Any]:
    scores, tracked, legend = (
        subject.record.last_scores,
        subject.record.last_tracked,
        subject.legend,
    )
    said = {"text": held_out_text(scores, subject.record.scored_step), "scores": scores is not None}
    if scores is None:
        return said
    figures = class_figures(scores, legend)
    texts = [(r.name, f"{r.voxels:,}", plain(r.iou), percent(r.recall)) for r in figures]
    return said | {
        "classes": [(one.color, row) for one, row in zip(figures, texts, strict=True)],
        "confusion": list(_confusion_rows(subject)),
        "confusion_says": CONFUSION_SAYS,
        "calibration": calibration_text(scores),
        "reliability": _svg(reliability_picture(scores.reliability)) if scores.reliability else "",
        "columns": boundary_columns(scores.vertical_unit),
        "boundaries": [boundary_row(*one) for one in named_boundaries(scores, legend, names)],
        "why_none": why_no_boundaries(scores),
        "order": order_text(scores),
        "tracked": _tracked_text(tracked) if tracked is not None else "",
    }


def _tracked_text(tracked: Any) -> str:
    error, unit = tracked.horizon_error, tracked.vertical_unit
    horizons = "" if error is None else f", mean error of the boundaries {error:.1f} {unit}"
    return (
        f"Tracking alone, without the network, has accuracy {tracked.pixel_accuracy:.1%}, mean "
        f"IoU {tracked.mean_iou:.3f}{horizons} on the same labels."
    )


def _confusion_rows(subject: Subject) -> Iterator[tuple[str, str, list[tuple[str, str, str]]]]:
    """Colour and name of a true class, then text, background and ink of each cell."""
    scores, legend = subject.record.last_scores, subject.legend
    assert scores is not None
    shares = confusion_shares(scores, legend.codes)
    for one, row in zip(class_figures(scores, legend), shares, strict=False):
        yield one.color, one.name, [_cell(share) for share in row.tolist()]


def _cell(share: float) -> tuple[str, str, str]:
    if not np.isfinite(share):
        return "-", "#ffffff", "#000000"
    parts = (round(255 + share * (part - 255)) for part in (0, 114, 178))
    return percent(share), "#{:02x}{:02x}{:02x}".format(*parts), "#fff" if share > 0.5 else "#000"


def _truth(subject: Subject) -> dict[str, Any] | None:
    found = subject.evaluation
    if found is None:
        return None
    facies = found.facies
    return {
        "traces": f"{found.traces:,}",
        "rows": [
            ("pixel accuracy", percent(facies.pixel_accuracy)),
            ("class accuracy", percent(facies.class_accuracy)),
            ("mean IoU", plain(facies.mean_iou)),
            ("frequency-weighted IoU", plain(facies.fw_iou)),
            ("traces out of order", percent(found.order_violations)),
        ],
        "columns": ("horizon", f"error {subject.geometry.vertical_unit}", "samples", "within 1",
                    "within 3", "found"),
        "horizons": [
            (name, plain(one.mae_ms, 1), plain(one.mae_samples, 2), percent(one.within_1),
             percent(one.within_3), percent(one.coverage))
            for name, one in found.horizons.items()
        ],
    }  # fmt: skip


def _sections(subject: Subject) -> Iterator[tuple[str, str]]:
    """Title and picture of each section."""
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
        carries = "carries labels" if shown.labelled else "no labels were given on this line"
        yield f"{shown.title(subject.geometry)}: {carries}", _png(picture)


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


def _maps(subject: Subject, names: dict[tuple[int, int], str]) -> Iterator[tuple[str, str]]:
    """Name and picture of each boundary that there is."""
    geometry = subject.geometry
    extent, _ = _frame(Shown(TIME_SLICE, 0, labelled=False), geometry)
    for pair, found in zip(pairwise(subject.order), subject.maps, strict=True):
        if np.isfinite(found.positions).any():
            times = geometry.start_ms + geometry.sample_interval_ms * found.positions
            label = f"{geometry.domain} [{geometry.vertical_unit}]"
            picture = boundary_picture(times, found.confidence, extent, label)
            yield boundary_name(pair, subject.legend, names), _png(picture)


def _png(picture: bytes) -> str:
    return f"data:image/png;base64,{b64encode(picture).decode()}"


def _svg(picture: bytes) -> str:
    return f"data:image/svg+xml;base64,{b64encode(picture).decode()}"
