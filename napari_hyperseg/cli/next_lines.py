"""``hyperseg next``: which lines to label next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from napari_hyperseg.cli.options import AsJson, ModelId, ProjectFolder, SurveyKey

if TYPE_CHECKING:
    from napari_hyperseg.labels.next_lines import NextLine
    from napari_hyperseg.survey.geometry import Geometry


def next_lines(
    project: ProjectFolder,
    survey: SurveyKey = None,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many lines to name.")] = 5,
    model: ModelId = None,
    as_json: AsJson = False,
) -> None:
    """Say which lines to label next, by where the newest prediction is unsure.

    Each line is chosen as if those before it were labelled.
    """
    from napari_hyperseg.cli.output import print_json, print_table
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.next_line import find_next_lines

    opened = Project.open(project)
    key = opened.entry(survey).key
    geometry = opened.open_survey(key).geometry
    found = find_next_lines(opened, key, geometry, model=model, count=count)
    lines = [_facts(line, geometry) for line in found]
    if as_json:
        print_json({"survey": key, "lines": lines})
    elif not lines:
        print("The prediction is sure everywhere: no line stands out.")
    else:
        print_table(
            ("line", "would settle"),
            [(f"{one['kind']} {one['number']}", f"{one['share']:.1%}") for one in lines],
        )


def _facts(line: NextLine, geometry: Geometry) -> dict[str, Any]:
    kind, numbers = (("inline", geometry.inlines), ("crossline", geometry.crosslines))[line.axis]
    return {"kind": kind, "number": int(numbers[line.index]), "share": line.share}
