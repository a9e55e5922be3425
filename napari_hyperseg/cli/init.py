"""``hyperseg init``: make a project of SEG-Y files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from napari_hyperseg.cli.reading_options import (
    DomainChoice,
    Iline,
    MapX,
    MapY,
    Offset,
    Scalar,
    Stack,
    UnitChoice,
    Xline,
    readings,
)


def init(
    project: Annotated[
        Path,
        typer.Argument(
            metavar="PROJECT", help="The folder to make, such as NAME.hyperseg.", show_default=False
        ),
    ],
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE.sgy...", help="SEG-Y files.", show_default=False)
    ],
    iline: Iline = None,
    xline: Xline = None,
    x: MapX = None,
    y: MapY = None,
    scalar: Scalar = None,
    domain: DomainChoice = None,
    unit: UnitChoice = None,
    offset: Offset = None,
    stack: Stack = False,
    add: Annotated[
        bool, typer.Option("--add", help="Add the files to a project that is there.")
    ] = False,
) -> None:
    """Make a project of one or more SEG-Y files, which stay where they are."""
    from napari_hyperseg.cli.long_work import LongWork
    from napari_hyperseg.project.claim import claimed
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.segy.opening import open_survey

    said = readings(
        len(files), iline=iline, xline=xline, x=x, y=y, scalar=scalar, domain=domain, unit=unit,
        offset=offset, stack=stack,
    )  # fmt: skip
    with LongWork("Reading trace headers", "traces") as progress:
        if add:
            opened = Project.open(project)
            pairs = zip(files, said, strict=True)
            surveys = [open_survey(file, how, progress=progress) for file, how in pairs]
            with claimed(opened.folder, "hyperseg init"):
                keys = opened.add(*surveys)
        else:
            opened = Project.create(project, files, said, progress)
            keys = list(opened.surveys)
    for entry in map(opened.entry, keys):
        inlines, crosslines, samples = entry.shape
        print(f"{entry.key}: {inlines} inlines x {crosslines} crosslines x {samples} samples")
        for warning in opened.open_survey(entry.key).source.warnings:
            print(f"Warning: {warning}")
    print(f"Project {project} is ready.")
