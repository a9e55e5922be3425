"""``hyperseg label``: labels from horizons or a facies volume, on chosen lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from napari_hyperseg.cli.line_numbers import line_indices
from napari_hyperseg.cli.options import HorizonFiles, ProjectFolder, SurveyKey, named_files

_LINES = "Survey numbers: 1001,1005 or 1001-1010 or 1000-1100:10."


def label(
    project: ProjectFolder,
    survey: SurveyKey = None,
    horizon: HorizonFiles = None,
    facies: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Facies codes (.npy, .sgy), 0 = unlabelled.",
            show_default=False,
        ),
    ] = None,
    inlines: Annotated[str | None, typer.Option(metavar="LINES", help=_LINES)] = None,
    crosslines: Annotated[str | None, typer.Option(metavar="LINES", help=_LINES)] = None,
) -> None:
    """Add labels: the intervals between horizons, from top to bottom, or a facies volume.

    Only on the lines chosen; without --inlines and --crosslines, everywhere. Labels that are
    there stay, except where new ones are put.
    """
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.labelling import LineChoice, label_facies, label_horizons

    files = named_files(horizon)
    if bool(files) == (facies is not None):
        raise typer.BadParameter("give either --horizon NAME=FILE (repeated) or --facies FILE.")
    opened = Project.open(project)
    key = opened.entry(survey).key
    lines = LineChoice()
    if inlines is not None or crosslines is not None:
        grid = opened.open_survey(key).geometry
        lines = LineChoice(
            line_indices(inlines, grid.inlines.tolist(), grid.inline_index, "inlines"),
            line_indices(crosslines, grid.crosslines.tolist(), grid.crossline_index, "crosslines"),
        )
    if facies is not None:
        done = label_facies(opened, key, facies, lines)
    else:
        done = label_horizons(opened, key, files, lines)
    for warning in done.warnings:
        print(f"Warning: {warning}")
    print(f"{key}: labelled {done.voxels} voxels on {done.traces} traces.")
    print(f"Classes: {', '.join(done.classes)}.")
