"""``hyperseg label``: labels from horizons, a facies volume or wells, on chosen lines."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from napari_hyperseg.cli.options import (
    AsJson,
    Crosslines,
    HorizonFiles,
    Inlines,
    ProjectFolder,
    SurveyKey,
    named_files,
)

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.labelling import Labelled
    from napari_hyperseg.project.line_choice import LineChoice

_WELLS = "Wells"


class VerticalUnit(StrEnum):
    """Of tops and bases."""

    ms = "ms"
    s = "s"
    m = "m"
    ft = "ft"


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
    wells: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Facies or tops along vertical wells: a row for each interval or top.",
            show_default=False,
        ),
    ] = None,
    inlines: Inlines = None,
    crosslines: Crosslines = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Label only where nothing is labelled yet.")
    ] = False,
    radius: Annotated[
        str | None,
        typer.Option(
            metavar="R",
            help="How far from a well to label: 50 (metres), or '3 traces'. By default 50 m, or "
            "3 traces where the survey has no map coordinates.",
            rich_help_panel=_WELLS,
        ),
    ] = None,
    unit: Annotated[
        VerticalUnit | None,
        typer.Option(
            help="Of tops and bases; by default as the header says.", rich_help_panel=_WELLS
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLE=NAME",
            help="Which column holds what, where its name does not say: well, inline, crossline, "
            "x, y, top, base, facies, pick or z. NAME may be its number. Repeat it.",
            show_default=False,
            rich_help_panel=_WELLS,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add labels: intervals between horizons, a facies volume, or discs around wells.

    Only on the lines chosen; without --inlines and --crosslines, everywhere. Labels that are
    there stay, except where new ones are put.
    """
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.labelling import label_facies, label_horizons, label_wells

    files = named_files(horizon)
    if (bool(files), facies is not None, wells is not None).count(True) != 1:
        raise typer.BadParameter(
            "give either --horizon NAME=FILE (repeated), --facies FILE or --wells FILE.csv."
        )
    if wells is None and (radius, unit, column) != (None, None, None):
        raise typer.BadParameter("--radius, --unit and --column are for --wells.")
    said = _said_of_wells(radius, unit, column)
    opened = Project.open(project)
    key = opened.entry(survey).key
    lines = _lines(opened, key, inlines, crosslines)
    if wells is not None:
        done = label_wells(opened, key, wells, lines, keep=keep, **said)
    elif facies is not None:
        done = label_facies(opened, key, facies, lines, keep=keep)
    else:
        done = label_horizons(opened, key, files, lines, keep=keep)
    _print(key, done, as_json)


def _lines(project: Project, key: str, inlines: str | None, crosslines: str | None) -> LineChoice:
    from napari_hyperseg.project.line_choice import LineChoice

    if inlines is None and crosslines is None:
        return LineChoice()
    return LineChoice.typed(inlines, crosslines, project.open_survey(key).geometry)


def _said_of_wells(
    radius: str | None, unit: VerticalUnit | None, column: list[str] | None
) -> dict[str, Any]:
    """Give the arguments of `label_wells` that the options say."""
    from napari_hyperseg.labels.wells.columns import said_columns
    from napari_hyperseg.labels.wells.content import WellChoice
    from napari_hyperseg.labels.wells.discs import Radius

    return {
        "radius": None if radius is None else Radius.typed(radius),
        "choice": WellChoice(None if unit is None else unit.value, said_columns(column or ())),
    }


def _print(key: str, done: Labelled, as_json: bool) -> None:
    from napari_hyperseg.cli.output import print_json

    if as_json:
        print_json({"survey": key, **_facts(done)})
        return
    for warning in done.warnings:
        print(f"Warning: {warning}")
    print(f"Found {done.found}.")
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
