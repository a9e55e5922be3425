"""``hyperseg horizons``: what a project keeps of horizons; add and remove some."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from napari_hyperseg.cli.options import (
    AsJson,
    Crosslines,
    Inlines,
    ProjectFolder,
    SurveyKey,
    named_files,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.horizons import Horizons
    from napari_hyperseg.project.line_choice import LineChoice
    from napari_hyperseg.survey.geometry import Geometry
    from napari_hyperseg.survey.horizon_files.picks import HorizonPicks

    Added = dict[str, tuple[NDArray[np.floating], str]]


def horizons(
    project: ProjectFolder,
    survey: SurveyKey = None,
    add: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FILE",
            help="Keep a horizon, in any of the usual text formats. Repeat it.",
            show_default=False,
        ),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Forget a horizon. Repeat it.", show_default=False),
    ] = None,
    picks: Annotated[
        bool,
        typer.Option(
            "--picks",
            help="Add the files as picks, from which is tracked: what a horizon of that name has "
            "besides them stays.",
        ),
    ] = False,
    inlines: Inlines = None,
    crosslines: Crosslines = None,
    as_json: AsJson = False,
) -> None:
    """List the horizons that a project keeps, from top to bottom, and add or remove some.

    A horizon that is added again is replaced; with --picks it gets picks, everywhere or on the
    lines of --inlines and --crosslines. One command is one step of undo. The window shows them.
    """
    from napari_hyperseg.cli.output import remark
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.horizons import Horizons
    from napari_hyperseg.survey.horizon_files.reading import read_horizon_file

    files = named_files(add, "--add")
    if picks and not files:
        raise typer.BadParameter("--picks says how files are added: give --add NAME=FILE, too.")
    if not picks and (inlines, crosslines) != (None, None):
        raise typer.BadParameter("--inlines and --crosslines are for --picks.")
    opened = Project.open(project)
    kept = Horizons(opened, opened.entry(survey).key)
    for name in remove or ():
        kept.entry(name)
    geometry = opened.open_survey(opened.entry(survey).key).geometry
    read = {name: read_horizon_file(path, geometry) for name, path in files.items()}
    lines = _lines(inlines, crosslines, geometry) if picks else None
    if remove or read:
        _change(kept.key, opened, remove or [], _values(files, read, geometry, lines), picks)
    for name, found in read.items():
        for warning in found.warnings:
            remark(f"Warning: {name}: {warning}")
    _print(kept, geometry, as_json)


def _lines(inlines: str | None, crosslines: str | None, geometry: Geometry) -> LineChoice:
    from napari_hyperseg.project.line_choice import LineChoice

    return LineChoice.typed(inlines, crosslines, geometry)


def _values(
    files: dict[str, Path],
    read: dict[str, HorizonPicks],
    geometry: Geometry,
    lines: LineChoice | None,
) -> Added:
    """Return values and source by name; those that can be picks where lines are chosen."""
    from napari_hyperseg.project.pick_import import picks_on

    added: Added = {}
    for name, found in read.items():
        values = found.values if lines is None else picks_on(name, found.values, geometry, lines)
        added[name] = values, f"{files[name].name} ({found.format_name})"
    return added


def _change(key: str, project: Project, remove: list[str], add: Added, picks: bool) -> None:
    """Remove and add as one edit, or change nothing."""
    from napari_hyperseg.project.editing import editing
    from napari_hyperseg.project.horizons import Horizons

    tool, words = "hyperseg horizons", ", ".join((*remove, *add))
    with editing(project, key, tool) as interpretation, interpretation.whole(tool, words):
        recorded = Horizons(project, key, interpretation)
        for name in remove:
            recorded.remove(name)
        for name, (values, source) in add.items():
            (recorded.pick if picks else recorded.add)(name, values, source=source)


def _print(kept: Horizons, geometry: Geometry, as_json: bool) -> None:
    from napari_hyperseg.cli.output import figure, print_json, print_table

    facts = [_facts(kept, name) for name in kept.names]
    if as_json:
        print_json({"unit": geometry.vertical_unit, "horizons": facts})
        return
    if not facts:
        print("The project keeps no horizon. Add one with --add NAME=FILE.")
        return
    print_table(
        ("horizon", "traces", f"least {geometry.vertical_unit}", "greatest", "colour", "from"),
        [
            (
                one["name"],
                str(one["traces"]),
                figure(one["least"], 1),
                figure(one["greatest"], 1),
                one["color"],
                one["source"],
            )
            for one in facts
        ],
    )


def _facts(kept: Horizons, name: str) -> dict[str, Any]:
    import numpy as np

    entry, grid = kept.entry(name), kept.load(name)
    there = grid[np.isfinite(grid)]
    return {
        "name": entry.name,
        "traces": int(there.size),
        "least": round(float(there.min()), 3) if there.size else None,
        "greatest": round(float(there.max()), 3) if there.size else None,
        "color": entry.color,
        "visible": entry.visible,
        "source": entry.source,
    }
