"""``hyperseg convert``: keep a survey's samples in a form that is quick in every direction."""

from __future__ import annotations

from napari_hyperseg.cli.options import ProjectFolder, SurveyKey


def convert(project: ProjectFolder, survey: SurveyKey = None) -> None:
    """Convert a survey to zarr inside the project; stop with Ctrl-C, run again to go on."""
    from napari_hyperseg.cli.long_work import LongWork
    from napari_hyperseg.jobs.control import SignalControl
    from napari_hyperseg.jobs.converter import run_conversion
    from napari_hyperseg.jobs.events import ConversionAdvanced, Event, JobFinished
    from napari_hyperseg.project.folder import Project

    spec = Project.open(project).conversion_job(survey)
    key = spec.survey.key
    finished: list[JobFinished] = []

    def show(event: Event) -> None:
        if isinstance(event, ConversionAdvanced):
            progress(event.megabytes * event.fraction, event.megabytes)
        elif isinstance(event, JobFinished):
            finished.append(event)

    with SignalControl() as control, LongWork("Converting", "MB") as progress:
        run_conversion(spec, show, control)
    if finished[-1].reason == "done":
        print(f"{key}: converted in {finished[-1].elapsed_s:.0f} s.")
    else:
        print(f"{key}: stopped; run the same command again to go on.")
