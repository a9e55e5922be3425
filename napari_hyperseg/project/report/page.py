"""The page of a report: what is put into the template, and how it gets to the disk.

Everything the page needs is in it, and it runs nothing.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from napari_hyperseg import __version__
from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.quality import horizon_names, why_no_boundaries
from napari_hyperseg.project.report.drawings import draw_maps, draw_sections, svg_url
from napari_hyperseg.project.report.facts import Subject
from napari_hyperseg.project.report.pictures import curves_picture
from napari_hyperseg.project.report.tables import (
    held_out_figures,
    label_rows,
    line_rows,
    survey_rows,
    training_rows,
    truth_figures,
)
from napari_hyperseg.survey.replacing import replacing


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
        "survey": survey_rows(subject),
        "classes": label_rows(subject),
        "lines": line_rows(subject),
        "training": training_rows(subject),
        "curves": svg_url(curves_picture(record)) if record.steps else "",
        "held_out": held_out_figures(subject, names),
        "truth": truth_figures(subject),
        "sections": list(draw_sections(subject)),
        "maps": list(draw_maps(subject, names)),
        "no_maps": why_no_boundaries(record.last_scores) if not subject.maps else "",
    }
