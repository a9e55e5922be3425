"""``hyperseg demo``: the sample cube in a napari window, labelled and training.

Owns where the demo runs: in a window that stays open, or, without a display, by itself under
Xvfb (see `unattended_demo`).  Knows napari's public interface only, as ``hyperseg open`` does.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

_PICTURE = Path("demo.png")


def demo(
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh", help="Start over: remove the sample project, its labels and its models."
        ),
    ] = False,
    headless: Annotated[
        bool,
        typer.Option(
            "--headless",
            help=f"Let the window run by itself and leave a picture of it in {_PICTURE}; "
            "what happens anyway where there is no display.",
        ),
    ] = False,
    minutes: Annotated[
        float,
        typer.Option(metavar="M", help="How long a headless demo trains at most."),
    ] = 2.0,
    unattended: Annotated[bool, typer.Option("--unattended", hidden=True)] = False,
) -> None:
    """Open the sample cube in napari with labels on a few lines, and start training."""
    if not minutes > 0:
        raise typer.BadParameter("--minutes must be more than 0.")

    from napari_hyperseg.cli.virtual_display import has_display, run_under_xvfb

    on_linux = sys.platform.startswith("linux")
    if unattended or (headless and not on_linux):
        from napari_hyperseg.cli.unattended_demo import run_unattended

        run_unattended(_PICTURE.absolute(), minutes)
    elif headless or not has_display():
        raise typer.Exit(run_under_xvfb(["demo", "--unattended", "--minutes", str(minutes)]))
    else:
        _run_for_a_person(fresh)


def _run_for_a_person(fresh: bool) -> None:
    """Keep the window open; the project stays in the user's data folder, with its labels."""
    from napari_hyperseg.project.sample_project import open_sample_project, sample_folder

    if fresh and sample_folder().exists():
        shutil.rmtree(sample_folder())
    project = open_sample_project()
    print(f"The sample project is in {project.folder}. 'hyperseg demo --fresh' starts it over.")

    import napari

    from napari_hyperseg.cli.open_window import window_of

    _, dock = window_of(project.folder)
    dock.train()
    napari.run()
