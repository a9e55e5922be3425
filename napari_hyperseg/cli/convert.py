"""``hyperseg convert``: keep a survey's samples in a form that is quick in every direction."""

from __future__ import annotations

from napari_hyperseg.cli.options import ProjectFolder, SurveyKey


def convert(project: ProjectFolder, survey: SurveyKey = None) -> None:
    """Convert a survey to zarr inside the project; stop with Ctrl-C, run again to go on."""
    from napari_hyperseg.cli.converting import convert_showing
    from napari_hyperseg.jobs.control import SignalControl
    from napari_hyperseg.project.folder import Project

    opened = Project.open(project)
    key = opened.entry(survey).key
    with SignalControl() as control:
        finished = convert_showing(opened, key, control)
    if finished.reason == "done":
        print(f"{key}: converted in {finished.elapsed_s:.0f} s.")
    else:
        print(f"{key}: stopped; run the same command again to go on.")
