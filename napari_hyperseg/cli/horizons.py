"""``hyperseg horizons``: what a project keeps of horizons; add and remove some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from napari_hyperseg.cli.options import AsJson, ProjectFolder, SurveyKey, named_files

if TYPE_CHECKING:
    from napari_hyperseg.project.horizons import Horizons
    from napari_hyperseg.survey.geometry import Geometry


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
    as_json: AsJson = False,
) -> None:
    """List the horizons that a project keeps, from top to bottom, and add or remove some.

    A horizon that is added again is replaced. The window shows them.
    """
    from napari_hyperseg.cli.output import remark
    from napari_hyperseg.project.editing import editing
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.horizons import Horizons
    from napari_hyperseg.survey.horizon_files.reading import read_horizon_file

    files = named_files(add, "--add")
    opened = Project.open(project)
    kept = Horizons(opened, opened.entry(survey).key)
    for name in remove or ():
        kept.entry(name)
    geometry = opened.open_survey(opened.entry(survey).key).geometry
    read = {name: read_horizon_file(path, geometry) for name, path in files.items()}
    if remove or read:
        with editing(opened, kept.key, "hyperseg horizons") as interpretation:
            recorded = Horizons(opened, kept.key, interpretation)
            for name in remove or ():
                recorded.remove(name)
            for name, picks in read.items():
                source = f"{files[name].name} ({picks.format_name})"
                recorded.add(name, picks.values, source=source)
    for name, picks in read.items():
        for warning in picks.warnings:
            remark(f"Warning: {name}: {warning}")
    _print(kept, geometry, as_json)


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
