"""Convert a survey in this process, with progress on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_hyperseg.cli.long_work import LongWork
from napari_hyperseg.jobs.control import SignalControl
from napari_hyperseg.jobs.events import ConversionAdvanced, Event, JobFinished

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project


def convert_showing(project: Project, key: str | None, control: SignalControl) -> JobFinished:
    """Convert a survey, if it is not yet, going on where a former conversion ended.

    Raises
    ------
    HypersegError
        If the survey cannot be read, or its copy cannot be written.
    """
    from napari_hyperseg.jobs.converter import run_conversion

    finished: list[JobFinished] = []

    def show(event: Event) -> None:
        if isinstance(event, ConversionAdvanced):
            progress(event.megabytes * event.fraction, event.megabytes)
        elif isinstance(event, JobFinished):
            finished.append(event)

    with LongWork("Converting", "MB") as progress:
        run_conversion(project.conversion_job(key), show, control)
    return finished[-1]
