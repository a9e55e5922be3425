"""Tracking a horizon through a survey beside a window, in a process of its own.

Owns the folder in which picks go there and the surface comes back, which is gone afterwards.
Changes nothing of the project: who listens does.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from psygnal import Signal

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.events import Event, JobFailed, JobFinished, TrackingAdvanced
from napari_hyperseg.jobs.process import JobHandle, ProcessLauncher
from napari_hyperseg.jobs.tracking_spec import TrackingSpec
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.survey.horizon_grids import Grid, read_grid, write_grid

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tracking:
    """How a tracking stands.

    Parameters
    ----------
    running : bool
    fraction : float
        Share that is done, 0 to 1.
    message : str
        Why it failed, if it did; else empty.
    """

    running: bool = False
    fraction: float = 0.0
    message: str = ""


@dataclass(frozen=True)
class _Asked:
    """What is being tracked, and where."""

    key: str
    name: str
    shape: tuple[int, int]
    folder: tempfile.TemporaryDirectory[str]


class BackgroundTracking:
    """Tracks one horizon at a time.

    Parameters
    ----------
    launcher : ProcessLauncher, optional
        Starts the process.
    deliver : callable, optional
        Runs a call in the thread that owns this object; by default at once.

    Attributes
    ----------
    changed : Signal()
        `state` is another one.
    tracked : Signal(str, str, object, object)
        Survey, horizon, surface in the survey's vertical unit, and confidence, 0 to 1.
    """

    changed = Signal()
    tracked = Signal(str, str, object, object)

    def __init__(
        self,
        launcher: ProcessLauncher | None = None,
        deliver: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self.state = Tracking()
        self._launcher = launcher or ProcessLauncher()
        self._deliver = deliver or (lambda call: call())
        self._starting = ThreadPoolExecutor(1, thread_name_prefix="hyperseg-tracking")
        self._handle: JobHandle | None = None
        self._asked: _Asked | None = None
        self._job = 0

    def track(
        self, project: Project, key: str, name: str, picks: Grid, options: TrackingOptions
    ) -> None:
        """Track a horizon from its picks; one that is being tracked is given up.

        Parameters
        ----------
        project : Project
        key : str
            The survey.
        name : str
            The horizon's, for who listens.
        picks : ndarray of float32, shape (n_inlines, n_crosslines)
            In the survey's vertical unit; NaN where there is none.
        options : TrackingOptions
        """
        self._let_go()
        folder = tempfile.TemporaryDirectory(prefix="hyperseg-tracking-")
        asked = _Asked(key, name, project.entry(key).shape[:2], folder)
        self._asked = asked
        self._say(Tracking(running=True))
        spec = project.tracking_job(key, Path(folder.name), options)
        self._starting.submit(self._launch, self._job, spec, picks)

    def stop(self) -> None:
        """Track no further."""
        self._let_go()
        self._say(Tracking())

    def close(self) -> None:
        """Stop, and start nothing more."""
        self._let_go()
        self.state = Tracking()

    def _launch(self, job: int, spec: TrackingSpec, picks: Grid) -> None:
        """Runs in a thread: starting a process takes a while."""
        try:
            write_grid(spec.folder / spec.PICKS, picks)
            handle = self._launcher.launch(
                spec, lambda event: self._deliver(lambda: self._take_in(job, event))
            )
        except HypersegError as error:
            failure = JobFailed(message=str(error))
            self._deliver(lambda: self._take_in(job, failure))
        else:
            self._deliver(lambda: self._launched(job, handle))

    def _launched(self, job: int, handle: JobHandle) -> None:
        if job == self._job and self._asked is not None:
            self._handle = handle
        else:
            handle.close()

    def _take_in(self, job: int, event: Event) -> None:
        if job != self._job or self._asked is None:
            return
        if isinstance(event, TrackingAdvanced):
            self._say(replace(self.state, fraction=event.fraction))
        elif isinstance(event, JobFailed):
            logger.warning("%s", event.message)
            self._end(event.message)
        elif isinstance(event, JobFinished):
            self._finish(event.reason == "done")

    def _finish(self, done: bool) -> None:
        asked, found, message = self._asked, None, ""
        assert asked is not None
        if done:
            try:
                found = [
                    read_grid(Path(asked.folder.name) / name, asked.shape)
                    for name in (TrackingSpec.SURFACE, TrackingSpec.CONFIDENCE)
                ]
            except HypersegError as error:
                message = str(error)
        self._end(message)
        if found is not None:
            self.tracked.emit(asked.key, asked.name, *found)

    def _end(self, message: str) -> None:
        self._handle = None
        self._let_go()
        self._say(Tracking(message=message))

    def _let_go(self) -> None:
        self._job += 1
        if self._handle is not None:
            self._handle.stop()
            self._handle = None
        if self._asked is not None:
            asked, self._asked = self._asked, None
            with suppress(RuntimeError):  # the program ends: the folder cleans up after itself
                self._starting.submit(asked.folder.cleanup)

    def _say(self, state: Tracking) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()
