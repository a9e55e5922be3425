"""The conversion that runs beside a window: begun where it pays, taken over when it is done."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from psygnal import Signal

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.events import ConversionAdvanced, Event, JobFailed, JobFinished
from napari_hyperseg.jobs.process import JobHandle, ProcessLauncher
from napari_hyperseg.survey.segy.assembly import read_converted

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.survey import Survey

logger = logging.getLogger(__name__)

PAYS_FROM = 256 << 20  # bytes: below, the file is soon in memory, and quick in every direction
SHARE_OF_DISK = 0.5  # of what is free is the most that is taken without being asked
SETTING = "convert"  # of the project: False where the user stopped it


class Stage(Enum):
    """Where a survey's samples are read from, and whether that is about to change."""

    FILE = "file"
    CONVERTING = "converting"
    CONVERTED = "converted"


@dataclass(frozen=True)
class Conversion:
    """How far the conversion of the open survey is.

    Parameters
    ----------
    stage : Stage
    fraction : float
        Share that is done while it is converted, 0 to 1.
    message : str
        Why it ended, if it failed; else empty.
    """

    stage: Stage = Stage.FILE
    fraction: float = 0.0
    message: str = ""


class BackgroundConversion:
    """Converts the survey that is open, in a process of its own.

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
    """

    changed = Signal()

    def __init__(
        self,
        launcher: ProcessLauncher | None = None,
        deliver: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self.state = Conversion()
        self._launcher = launcher or ProcessLauncher()
        self._deliver = deliver or (lambda call: call())
        self._starting = ThreadPoolExecutor(1, thread_name_prefix="hyperseg-conversion")
        self._handle: JobHandle | None = None
        self._open: tuple[Project, str, Survey] | None = None
        self._job = 0

    def follow(self, project: Project, key: str, survey: Survey) -> None:
        """Turn to a survey that was opened; convert it where that pays."""
        if self._open is not None and self._open[2] is survey:
            return
        self.close()
        self._open = (project, key, survey)
        if read_converted(survey, project.kept(key)):
            self._say(Conversion(Stage.CONVERTED))
        elif self.possible and project.settings.get(SETTING, True) and pays(project, survey):
            self._begin()

    @property
    def possible(self) -> bool:
        """Whether a survey is open whose project may be changed."""
        return self._open is not None and not self._open[0].read_only

    def begin(self) -> None:
        """Convert, because the user asked for it."""
        if self.possible:
            self._remember(True)
            self._begin()

    def stop(self) -> None:
        """Convert no more, and do not begin by yourself next time; what is done is kept."""
        self._remember(False)
        self._let_go()
        self._say(Conversion())

    def close(self) -> None:
        """Turn away from the survey; a running conversion ends, to go on the next time."""
        self._let_go()
        self._open = None
        self._say(Conversion())

    def _begin(self) -> None:
        if self._open is None or self.state.stage is not Stage.FILE:
            return
        self._job += 1
        project, key, _ = self._open
        self._say(Conversion(Stage.CONVERTING))
        self._starting.submit(self._launch, self._job, project, key)

    def _launch(self, job: int, project: Project, key: str) -> None:
        """Runs in a thread: starting a process takes a while."""
        try:
            handle = self._launcher.launch(
                project.conversion_job(key),
                lambda event: self._deliver(lambda: self._take_in(job, event)),
            )
        except HypersegError as error:
            failure = JobFailed(message=str(error))
            self._deliver(lambda: self._take_in(job, failure))
        else:
            self._deliver(lambda: self._launched(job, handle))

    def _launched(self, job: int, handle: JobHandle) -> None:
        if job == self._job:
            self._handle = handle
        else:
            handle.close()

    def _take_in(self, job: int, event: Event) -> None:
        if job != self._job or self._open is None:
            return
        if isinstance(event, ConversionAdvanced):
            self._say(replace(self.state, fraction=event.fraction))
        elif isinstance(event, JobFailed):
            logger.warning("%s", event.message)
            self._say(Conversion(message=event.message))
        elif isinstance(event, JobFinished):
            project, key, survey = self._open
            converted = read_converted(survey, project.kept(key))
            self._say(Conversion(Stage.CONVERTED if converted else Stage.FILE))

    def _let_go(self) -> None:
        self._job += 1
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _remember(self, wanted: bool) -> None:
        if self._open is not None and self._open[0].settings.get(SETTING, True) != wanted:
            project = self._open[0]
            project.remember(SETTING, wanted)

    def _say(self, state: Conversion) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()


def pays(project: Project, survey: Survey) -> bool:
    """Tell whether a survey is so large that it should be converted, and there is room for it."""
    nbytes = survey.volume.nbytes
    read = max(nbytes, survey.source.path.stat().st_size)  # of a prestack file, many times as much
    free = shutil.disk_usage(project.folder).free
    return read >= PAYS_FROM and nbytes <= SHARE_OF_DISK * free
