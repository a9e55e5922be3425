"""``hyperseg init``: make a project of SEG-Y files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


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
    iline: Annotated[
        list[int] | None,
        typer.Option(
            metavar="B",
            min=1,
            max=240,
            help="Header byte of the inline number: once for all files, or once for each.",
            show_default=False,
        ),
    ] = None,
    xline: Annotated[
        list[int] | None,
        typer.Option(
            metavar="B",
            min=1,
            max=240,
            help="Header byte of the crossline number, likewise.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make a project of one or more SEG-Y files, which stay where they are."""
    from napari_hyperseg.project.folder import Project

    created = Project.create(project, files, _header_bytes(iline, xline, len(files)))
    for entry in created.surveys.values():
        inlines, crosslines, samples = entry.shape
        print(f"{entry.key}: {inlines} inlines x {crosslines} crosslines x {samples} samples")
    print(f"Project {project} is ready.")


def _header_bytes(
    inline: list[int] | None, crossline: list[int] | None, n_files: int
) -> list[tuple[int, int]] | None:
    if not inline and not crossline:
        return None
    pairs = list(zip(inline or (), crossline or (), strict=False))
    if not len(pairs) == len(inline or ()) == len(crossline or ()):
        raise typer.BadParameter("give --iline and --xline together.")
    if len(pairs) not in (1, n_files):
        raise typer.BadParameter(f"give --iline and --xline once, or once for each of {n_files}.")
    return pairs * n_files if len(pairs) == 1 else pairs
