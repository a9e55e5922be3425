"""The tables of a report: figures as texts, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from napari_hyperseg.jobs.events import Scores
from napari_hyperseg.labels.painted_lines import CROSSLINE, INLINE, TIME_SLICE
from napari_hyperseg.project.label_age import share_text
from napari_hyperseg.project.quality import (
    CONFUSION_SAYS,
    boundary_columns,
    boundary_row,
    calibration_text,
    cell_colors,
    class_figures,
    confusion_shares,
    held_out_text,
    named_boundaries,
    order_text,
    percent,
    plain,
    why_no_boundaries,
)
from napari_hyperseg.project.report.drawings import svg_url
from napari_hyperseg.project.report.facts import Subject
from napari_hyperseg.project.report.pictures import reliability_picture
from napari_hyperseg.project.wording import duration_text, extent_lines, made_text

Row = tuple[str, ...]
Names = Mapping[tuple[int, int], str]
_MOST_LINES = 60


def survey_rows(subject: Subject) -> list[Row]:
    """Return what the survey is."""
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


def label_rows(subject: Subject) -> list[tuple[str, Row]]:
    """Return colour, name and voxels of each class, from top to bottom."""
    voxels, total = dict(subject.labels.totals), int(subject.geometry.live_mask.sum())
    samples = total * subject.geometry.n_samples
    return [
        (one.color, (one.name, f"{(n := voxels.get(one.code, 0)):,}", f"{n / samples:.2%}"))
        for one in subject.legend.classes
    ]


def line_rows(subject: Subject) -> list[Row]:
    """Return the numbers of the lines that carry labels, by kind."""
    geometry = subject.geometry
    kinds = (
        (INLINE, "inlines", geometry.inlines),
        (CROSSLINE, "crosslines", geometry.crosslines),
        (TIME_SLICE, f"slices [{geometry.vertical_unit}]", geometry.times_ms),
    )
    rows: list[Row] = []
    for axis, name, numbers in kinds:
        found = [
            f"{numbers[line.index]:.10g}" for line in subject.labels.lines if line.axis == axis
        ]
        more = f" and {len(found) - _MOST_LINES} more" if len(found) > _MOST_LINES else ""
        rows += [(name, ", ".join(found[:_MOST_LINES]) + more)] if found else []
    return rows


def training_rows(subject: Subject) -> list[Row]:
    """Return what the training was."""
    record = subject.record
    rows: list[Row] = [("model", subject.prediction.model)]
    if record.steps:
        rows += [("steps", f"{record.step:,}"), ("time", duration_text(record.seconds))]
    if record.device:
        rows += [("computed on", record.device)]
    rows += [("made", made_text(subject.origins))] if list(subject.origins) else []
    rows += [("predicted", f"{subject.predicted:.1%} of the samples of the survey")]
    if subject.outdated:
        rows += [("older than the labels", f"{share_text(subject.outdated)} of what is predicted")]
    return rows


def held_out_figures(subject: Subject, names: Names) -> dict[str, Any]:
    """Return the figures on held-out labels, as the template names them."""
    scores, tracked = subject.record.last_scores, subject.record.last_tracked
    balance, legend = subject.record.last_balance, subject.legend
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
        "reliability": svg_url(reliability_picture(scores.reliability))
        if scores.reliability
        else "",
        "columns": boundary_columns(scores.vertical_unit),
        "boundaries": [boundary_row(*one) for one in named_boundaries(scores, legend, names)],
        "why_none": why_no_boundaries(scores),
        "order": order_text(scores),
        "tracked": _tracked_text(tracked, balance) if tracked is not None else "",
    }


def _tracked_text(tracked: Scores, balance: float | None) -> str:
    error, unit = tracked.horizon_error, tracked.vertical_unit
    horizons = "" if error is None else f", mean error of the boundaries {error:.1f} {unit}"
    counts = "" if balance is None else f" The network counts {balance:.0%}."
    return (
        f"Tracking alone, without the network, has accuracy {tracked.pixel_accuracy:.1%}, mean "
        f"IoU {tracked.mean_iou:.3f}{horizons} on the same labels.{counts}"
    )


def _confusion_rows(subject: Subject) -> Iterator[tuple[str, str, list[tuple[str, str, str]]]]:
    """Colour and name of a true class, then text, background and ink of each cell."""
    scores, legend = subject.record.last_scores, subject.legend
    assert scores is not None
    shares = confusion_shares(scores, legend.codes)
    for one, row in zip(class_figures(scores, legend), shares, strict=False):
        yield one.color, one.name, [(percent(share), *cell_colors(share)) for share in row.tolist()]


def truth_figures(subject: Subject) -> dict[str, Any] | None:
    """Return the figures beside a truth; None where none is given."""
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
