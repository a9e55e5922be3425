"""``hyperseg label``: labels from horizons, a facies volume or wells, on chosen lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from napari_hyperseg.cli.options import AsJson, HorizonFiles, ProjectFolder, SurveyKey, named_files

if TYPE_CHECKING:
    from napari_hyperseg.project.labelling import Labelled

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
    keep: Annotated[
        bool, typer.Option("--keep", help="Label only where nothing is labelled yet.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add labels: the intervals between horizons, from top to bottom, or a facies volume.

    Only on the lines chosen; without --inlines and --crosslines, everywhere. Labels that are
    there stay, except where new ones are put.
    """
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.labelling import label_facies, label_horizons
    from napari_hyperseg.project.line_choice import LineChoice

    files = named_files(horizon)
    if bool(files) == (facies is not None):
        raise typer.BadParameter("give either --horizon NAME=FILE (repeated) or --facies FILE.")
    opened = Project.open(project)
    key = opened.entry(survey).key
    lines = LineChoice()
    if inlines is not None or crosslines is not None:
        lines = LineChoice.typed(inlines, crosslines, opened.open_survey(key).geometry)
    if facies is not None:
        done = label_facies(opened, key, facies, lines, keep=keep)
    else:
        done = label_horizons(opened, key, files, lines, keep=keep)
    _print(key, done, as_json)


def _print(key: str, done: Labelled, as_json: bool) -> None:
    from napari_hyperseg.cli.output import print_json

    if as_json:
        print_json({"survey": key, **_facts(done)})
        return
    for warning in done.warnings:
        print(f"Warning: {warning}")
    print(f"{key}: labelled {done.voxels} voxels on {done.traces} traces.")
    print(f"Classes: {', '.join(done.classes)}.")


def _facts(done: Labelled) -> dict[str, Any]:
    return {
        "voxels": done.voxels,
        "traces": done.traces,
        "found": done.found,
        "classes": [
            {"code": code, "name": name, "voxels": voxels} for code, name, voxels in done.counts
        ],
        "warnings": list(done.warnings),
    }
