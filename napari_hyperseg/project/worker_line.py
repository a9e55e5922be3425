"""The line to the worker of a session: at most one is listened to.

Owns starting it and what is said to it before it runs.  Knows what a job is made of, not what
becomes of the session; knows no event loop: `deliver` runs a call in the owner's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Protocol

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.commands import (
    Command,
    LookAt,
    PauseJob,
    ResumeJob,
    StopJob,
    UseChangedLabels,
)
from napari_hyperseg.jobs.events import Event
from napari_hyperseg.jobs.process import JobHandle
from napari_hyperseg.jobs.spec import ClusterInput, JobSpec
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.window_events import LaunchPrediction, LaunchTraining

Call = Callable[[], Any]


class Launcher(Protocol):
    """Anything that can run a job; `ProcessLauncher` runs it on this machine."""

    def launch(self, spec: JobSpec, emit: Callable[[Event], None]) -> JobHandle:
        """Start the job; its events reach `emit` from any thread."""


@dataclass(frozen=True)
class Listener:
    """Who hears of the worker, in the owner's thread.

    Parameters
    ----------
    launched : callable
        Told the specification of the job that runs now.
    failed : callable
        Told why none was started.
    reported : callable
        Told the worker's events.
    """

    launched: Callable[[JobSpec], Any]
    failed: Callable[[str], Any]
    reported: Callable[[Event], Any]


class WorkerLine:
    """Starts workers, one after the other, and speaks to the last one.

    Parameters
    ----------
    launcher : Launcher
        Where jobs run.
    deliver : callable
        Runs a call in the thread that owns this object.
    thread : Executor
        In which jobs are built and started, in turn with what else is done there.
    listener : Listener
        Who hears of it.

    Attributes
    ----------
    flush : callable
        Waits until the files have every label: the job reads and counts them.
    cluster : ClusterInput or None
        Where the next jobs compute; None: here.
    """

    def __init__(
        self,
        launcher: Launcher,
        deliver: Callable[[Call], Any],
        thread: Executor,
        listener: Listener,
    ) -> None:
        self._launcher, self._deliver, self._thread = launcher, deliver, thread
        self._listener = listener
        self._job = 0
        self._waiting: list[Command] = []
        self.handle: JobHandle | None = None
        self.flush: Callable[[], Any] = lambda: None
        self.cluster: ClusterInput | None = None

    def start(self, project: Project, wanted: LaunchTraining | LaunchPrediction) -> None:
        """Build a job and start its worker; returns at once."""
        self._job += 1
        self.handle = None
        self._waiting.clear()
        self._thread.submit(self._start, self._job, project, wanted, self.cluster)

    def send(self, command: Command) -> None:
        """Say something to the worker, as soon as it runs."""
        self._waiting.append(command)
        self._send_waiting()

    def let_go(self) -> None:
        """Listen to the worker no more; one that is just being started is closed then."""
        self._job += 1
        self._waiting.clear()
        if self.handle is not None:
            self.handle.close()

    def _start(
        self,
        job: int,
        project: Project,
        wanted: LaunchTraining | LaunchPrediction,
        cluster: ClusterInput | None,
    ) -> None:
        """Runs in the thread."""
        self.flush()
        try:
            spec = _job(project, wanted).model_copy(update={"cluster": cluster})
            handle = self._launcher.launch(
                spec, lambda event: self._deliver(lambda: self._take_in(job, event))
            )
        except HypersegError as error:
            message = str(error)
            self._deliver(lambda: self._not_started(job, message))
        else:
            self._deliver(lambda: self._started(job, spec, handle))

    def _started(self, job: int, spec: JobSpec, handle: JobHandle) -> None:
        if job != self._job:
            handle.close()
            return
        self.handle = handle
        self._listener.launched(spec)
        self._send_waiting()

    def _not_started(self, job: int, message: str) -> None:
        if job == self._job:
            self._listener.failed(message)

    def _take_in(self, job: int, event: Event) -> None:
        """Pass an event on, unless its worker was let go of."""
        if job == self._job:
            self._listener.reported(event)

    def _send_waiting(self) -> None:
        while self.handle is not None and self._waiting:
            command = self._waiting.pop(0)
            _SEND[type(command)](self.handle, command)


def _job(project: Project, wanted: LaunchTraining | LaunchPrediction) -> JobSpec:
    if isinstance(wanted, LaunchPrediction):
        return project.prediction_job(wanted.model, wanted.survey, view=wanted.view)
    # A worker that ended before it saved anything leaves a model without weights.
    model = wanted.model if wanted.model in project.model_ids() else None
    return project.training_job(
        model,
        minutes=wanted.minutes,
        live=True,
        view=wanted.view,
        begin_with=wanted.begin_with,
    )


_SEND: dict[type, Callable] = {
    StopJob: lambda handle, command: handle.stop(),
    PauseJob: lambda handle, command: handle.pause(),
    ResumeJob: lambda handle, command: handle.resume(),
    UseChangedLabels: lambda handle, command: handle.labels_changed(
        command.survey, command.revision
    ),
    LookAt: lambda handle, command: handle.look_at(command.view),
}
