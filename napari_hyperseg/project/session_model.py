"""The one place where a window's session lives and its consequences are carried out.

Holds the current `Session`, feeds events through `advance` and does what comes out of it:
starts workers, passes commands on.  Views listen to `changed`.  Knows no event loop: whoever
owns one gives `deliver`, which runs a call in the thread that owns the model.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import RLock

from psygnal import Signal

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.events import Event
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.process import JobHandle, ProcessLauncher
from napari_hyperseg.jobs.spec import ClusterInput, JobSpec
from napari_hyperseg.labels.counts import Edit
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.label_counting import CountedLabels, LabelCounting
from napari_hyperseg.project.model_card import trained_classes
from napari_hyperseg.project.session import Phase, Session
from napari_hyperseg.project.transitions import advance
from napari_hyperseg.project.window_events import (
    CloseWorker,
    Effect,
    JobLaunched,
    LabelsChanged,
    LabelsCounted,
    LaunchFailed,
    LegendChanged,
    ModelRemoved,
    PauseRequested,
    PredictionRequested,
    ProjectClosed,
    ProjectOpened,
    ResumeRequested,
    SendCommand,
    SessionEvent,
    StopRequested,
    TrainingRequested,
    ViewMoved,
)
from napari_hyperseg.project.worker_line import Call, Launcher, Listener, WorkerLine

logger = logging.getLogger(__name__)


class SessionModel:
    """A window's session: methods say what the user did, signals what became of it.

    Parameters
    ----------
    launcher : Launcher, optional
        Where jobs run; by default a worker process on this machine.
    deliver : callable, optional
        Runs a call in the thread that owns the model; by default at once, in the thread
        that has it.

    Attributes
    ----------
    asked_to_train : Signal()
        Somebody wants to train; it follows at once.
    changed : Signal(Session)
        The session is another one.
    reported : Signal(object)
        A worker's event was taken in.
    counted : Signal(CountedLabels)
        The labels of the survey that is open were counted.
    launched : Signal(JobSpec)
        A worker was started.
    """

    asked_to_train = Signal()
    changed = Signal(Session)
    reported = Signal(object)
    counted = Signal(CountedLabels)
    launched = Signal(object)

    def __init__(
        self, launcher: Launcher | None = None, deliver: Callable[[Call], None] | None = None
    ) -> None:
        self.session = Session()
        self.project: Project | None = None
        self._deliver = deliver or _at_once
        self._lock = RLock()
        self._counting = LabelCounting()  # belongs to the labels' thread
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="hyperseg-labels")
        listener = Listener(
            self._launched, lambda why: self.receive(LaunchFailed(why)), self._reported
        )
        self._worker = WorkerLine(
            launcher or ProcessLauncher(), self._deliver, self._disk, listener
        )

    @property
    def handle(self) -> JobHandle | None:
        """The last worker started, alive or not."""
        return self._worker.handle

    def compute_on(self, cluster: ClusterInput | None) -> None:
        """Let the next jobs compute on a cluster; None: here."""
        self._worker.cluster = cluster

    def open(self, project: Project, survey: str, flush: Callable[[], None] = lambda: None) -> None:
        """Show a survey of a project.

        Parameters
        ----------
        project : Project
        survey : str
        flush : callable
            Waits until the files have every label.
        """
        self.project, self._worker.flush = project, flush
        model, known = _newest(project)
        classes = project.legend.n_classes
        self.receive(
            ProjectOpened(project.folder, survey, classes, model, known, project.read_only)
        )
        self._disk.submit(self._count, project, survey, None, None, changed=False)

    def close(self) -> None:
        """Close the project; a running worker saves and ends."""
        self.receive(ProjectClosed())
        self.project = None
        self._counting = LabelCounting()  # whatever still counts does so for nobody

    def train(
        self, minutes: float = 10.0, *, model: str | None = None, begin_with: str | None = None
    ) -> None:
        """Train on the labels, going on from the last model where the classes are the same.

        Parameters
        ----------
        minutes : float
        model : str, optional
            The model to go on with instead.
        begin_with : str, optional
            The model whose weights a new one begins with.
        """
        self.asked_to_train.emit()
        self.receive(TrainingRequested(minutes, model, begin_with))

    def predict(self, model: str | None = None) -> None:
        """Predict the survey on screen with the last model, or with this one."""
        self.receive(PredictionRequested(model))

    def model_removed(self, model: str) -> None:
        """Use another model where this one would have been used: it is gone."""
        if self.project is not None:
            newest, classes = _newest(self.project)
            self.receive(ModelRemoved(model, newest, classes))

    def pause(self) -> None:
        """Let the worker rest."""
        self.receive(PauseRequested())

    def resume(self) -> None:
        """Let the worker go on."""
        self.receive(ResumeRequested())

    def toggle_pause(self) -> None:
        """Pause a job that runs, resume one that rests."""
        if self.session.phase is Phase.PAUSED:
            self.resume()
        else:
            self.pause()

    def stop(self) -> None:
        """End the job, keeping what it has."""
        self.receive(StopRequested())

    def look_at(self, view: View) -> None:
        """Tell which section is on screen."""
        if view != self.session.view:
            self.receive(ViewMoved(view))

    def labels_changed(
        self,
        survey: str,
        edits: Sequence[Edit] | None = None,
        revision: int | None = None,
    ) -> None:
        """Write changed labels to the disk, count them and tell the worker; returns at once.

        Parameters
        ----------
        survey : str
            Key of the survey.
        edits : sequence of Edit, optional
            Everything that changed since the last call, in its order; None: not known, so the
            labels are read again.
        revision : int, optional
            Number of the one at which they are.
        """
        if self.project is not None:
            self._disk.submit(self._count, self.project, survey, edits, revision, changed=True)

    def legend_changed(self) -> None:
        """Take over the number of classes of the project's legend."""
        if self.project is not None:
            self.receive(LegendChanged(self.project.legend.n_classes))

    def receive(self, event: SessionEvent) -> None:
        """Take in one event, tell the listeners, and do what follows from it."""
        with self._lock:
            session, effects = advance(self.session, event)
            changed = session is not self.session
            self.session = session
            if changed:
                self.changed.emit(session)
            for effect in effects:
                self._do(effect)

    def _do(self, effect: Effect) -> None:
        if isinstance(effect, SendCommand):
            self._worker.send(effect.command)
        elif isinstance(effect, CloseWorker):
            self._worker.let_go()
        else:
            assert self.project is not None
            self._worker.start(self.project, effect)

    def _launched(self, spec: JobSpec) -> None:
        self.receive(JobLaunched(spec.model.name))
        self.launched.emit(spec)

    def _reported(self, event: Event) -> None:
        self.receive(event)
        self.reported.emit(event)

    def _count(
        self,
        project: Project,
        survey: str,
        edits: Sequence[Edit] | None,
        revision: int | None,
        *,
        changed: bool,
    ) -> None:
        """Runs in the labels' thread: a big survey takes a while to count."""
        try:
            self._worker.flush()
            found = self._counting.count(project, survey, edits)
        except (HypersegError, OSError) as error:
            message = f"The labels of {survey} could not be counted: {error}"
            logger.exception(message)
            return
        counted = LabelsCounted(found.totals, found.lines, found.enough_besides, found.parting)
        event = LabelsChanged(survey, counted, revision) if changed else counted
        self._deliver(lambda: self._counted(project, survey, event, found))

    def _counted(
        self,
        project: Project,
        survey: str,
        event: LabelsChanged | LabelsCounted,
        found: CountedLabels,
    ) -> None:
        if project is self.project and survey == self.session.survey:
            self.counted.emit(found)
            self.receive(event)


def _newest(project: Project) -> tuple[str | None, int]:
    """The newest model, and how many classes it has."""
    model = next(reversed(project.model_ids()), None)
    return model, trained_classes(project.model_folder(model)) if model else 0


def _at_once(call: Call) -> None:
    call()
