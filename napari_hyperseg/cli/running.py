"""Run a job in this process: progress on standard error, Ctrl-C stops it cleanly.

Owns the way from job specification to result; the window runs the same specification in a
process of its own.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.events import Event, JobFailed, JobFinished, JobStarted
from napari_hyperseg.jobs.threads import let_threads_sleep

if TYPE_CHECKING:
    from napari_hyperseg.jobs.spec import JobSpec


class Outcome:
    """What a job reported at its start and end."""

    def __init__(self) -> None:
        self.device = ""
        self.finished: JobFinished | None = None
        self.failure: str | None = None

    def note(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case JobStarted():
                self.device = event.device
            case JobFinished():
                self.finished = event
            case JobFailed():
                self.failure = event.message


def run_here(spec: JobSpec, show: Callable[[Event], None]) -> tuple[str, JobFinished]:
    """Run a job to its end.

    Parameters
    ----------
    spec : JobSpec
        The job.
    show : callable
        Takes every event.

    Returns
    -------
    device : str
        Where it ran.
    finished : JobFinished
        How it ended.

    Raises
    ------
    JobError
        If the job failed.
    """
    let_threads_sleep()
    from napari_hyperseg.jobs.control import SignalControl
    from napari_hyperseg.jobs.torchrun import meet, started_by_torchrun
    from napari_hyperseg.jobs.worker import run_job

    outcome = Outcome()

    def emit(event: Event) -> None:
        outcome.note(event)
        show(event)

    meeting = meet() if started_by_torchrun() and spec.kind == "train" else None
    with SignalControl() as control:
        run_job(spec, emit, control, meeting)
    if outcome.failure is not None:
        raise JobError(outcome.failure)
    if outcome.finished is None:
        raise JobError("The job ended without a result.")
    return outcome.device, outcome.finished


def help_here() -> None:
    """Help another process to train, to the end; it decides when that is, not Ctrl-C.

    Raises
    ------
    HypersegError
        If it is gone, or a survey cannot be opened here.
    """
    let_threads_sleep()
    from napari_hyperseg.jobs.team import help_train
    from napari_hyperseg.jobs.torchrun import meet
    from napari_hyperseg.learn.device import prepare_process

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    prepare_process()
    help_train(meet())
