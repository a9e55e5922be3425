"""``hyperseg report``: one page with figures and pictures of a training and its prediction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_hyperseg.cli.options import (
    HorizonFiles,
    ModelId,
    ProjectFolder,
    SurveyKey,
    named_files,
)

if TYPE_CHECKING:
    from napari_hyperseg.labels.order import Order
    from napari_hyperseg.project.evaluation import Truth
    from napari_hyperseg.survey.survey import Survey

_NAME = "report.html"


def report(
    project: ProjectFolder,
    survey: SurveyKey = None,
    model: ModelId = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help=f"Where to write it; by default {_NAME} in the project folder.",
            show_default=False,
        ),
    ] = None,
    facies: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="True facies codes (.npy, .sgy), 0 = not known: also compare with them.",
            show_default=False,
        ),
    ] = None,
    horizon: HorizonFiles = None,
) -> None:
    """Write a page with the figures of a training and pictures of its prediction.

    It is one HTML file that needs nothing else.  With true facies or horizons it also says how
    good the prediction is on lines that carry no label, as evaluate does.
    """
    files = named_files(horizon)

    from napari_hyperseg.cli.long_work import LongWork
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.report.facts import gather

    opened = Project.open(project)
    key = opened.entry(survey).key
    path = opened.folder / _NAME if out is None else out.expanduser()
    _check(path)
    truth = _truth(facies, files, opened.legend.codes) if files or facies else None
    with LongWork("Reading the prediction", "inlines") as progress:
        subject = gather(opened, key, model, truth, progress)

    from napari_hyperseg.project.report.page import write_report

    write_report(subject, path)
    print(f"Report {path}.")


def _check(path: Path) -> None:
    """Refuse what cannot be written before the work, not after it."""
    if path.is_dir():
        raise typer.BadParameter(f"--out {path} is a folder: give the name of a file.")
    if not path.absolute().parent.is_dir():
        raise typer.BadParameter(f"--out {path}: there is no folder {path.absolute().parent}.")


def _truth(facies: Path | None, files: dict[str, Path], order: Order) -> Callable[[Survey], Truth]:
    from napari_hyperseg.project.evaluation import Truth

    return lambda survey: Truth.read(facies, files, survey.geometry, order)
