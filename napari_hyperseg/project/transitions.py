"""How one session follows from another: a pure function over one table.

`advance` looks up (phase, type of event).  A pair that is not in the table changes nothing:
a late event of a worker, or a button pressed twice, is no error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from napari_hyperseg.jobs.events import (
    BlockPredicted,
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    JobWarned,
    StepFinished,
    ValidationFinished,
)
from napari_hyperseg.jobs.spec import LookAt, PauseJob, ResumeJob, StopJob, UseChangedLabels
from napari_hyperseg.project.session import (
    Phase,
    Progress,
    ScorePoint,
    Session,
    StepPoint,
    with_point,
)
from napari_hyperseg.project.window_events import (
    CloseWorker,
    Effect,
    JobLaunched,
    LabelsChanged,
    LabelsCounted,
    LaunchFailed,
    LaunchPrediction,
    LaunchTraining,
    LegendChanged,
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

Outcome = tuple[Session, tuple[Effect, ...]]
Transition = Callable[[Session, Any], Outcome]

NO_LABELS = "Nothing is labelled yet: choose a class, then paint it on a few lines."
ONE_CLASS = "Only one class is labelled: paint at least two, so there is something to tell apart."
_LAST_MESSAGES = {
    ("train", "done"): "Training is complete.",
    ("train", "stopped"): "Stopped. Train goes on from here.",
    ("predict", "done"): "The survey is predicted.",
    ("predict", "stopped"): "Stopped before the whole survey was predicted.",
}
NO_MODEL = "There is no trained model yet: press Train first."


def advance(session: Session, event: SessionEvent) -> Outcome:
    """Return the session after `event`, and what is to be done.

    Parameters
    ----------
    session : Session
        The moment before.
    event : SessionEvent
        What happened.

    Returns
    -------
    tuple of (Session, tuple of Effect)
        The same session and no effects where the event means nothing in this phase.
    """
    transition = _TABLE.get((session.phase, type(event)))
    return transition(session, event) if transition else (session, ())


def _stay(session: Session, *effects: Effect, **changes: Any) -> Outcome:
    return replace(session, **changes), effects


def _opened(session: Session, event: ProjectOpened) -> Outcome:
    """Start afresh; another survey of the same project leaves the job alone."""
    if event.folder == session.folder:
        changes = {"survey": event.survey, "n_classes": event.n_classes}
        return _stay(session, **changes, labelled=None, lines=())
    opened = Session(
        phase=Phase.READY,
        folder=event.folder,
        survey=event.survey,
        n_classes=event.n_classes,
        model=event.model,
        model_classes=event.model_classes,
    )
    return opened, (CloseWorker(),) if session.phase.running else ()


def _closed(session: Session, event: ProjectClosed) -> Outcome:
    return Session(), (CloseWorker(),) if session.phase.running else ()


def _legend_changed(session: Session, event: LegendChanged) -> Outcome:
    return _stay(session, n_classes=event.n_classes)


def _counted(session: Session, event: LabelsCounted) -> Outcome:
    return _stay(session, labelled=event.labelled, lines=event.lines)


def _labels_changed(session: Session, event: LabelsChanged) -> Outcome:
    message = "" if session.message in (NO_LABELS, ONE_CLASS) else session.message
    return _stay(session, labelled=event.labelled, lines=event.lines, message=message)


def _labels_changed_in_job(session: Session, event: LabelsChanged) -> Outcome:
    return _stay(
        session,
        SendCommand(UseChangedLabels(survey=event.survey)),
        labelled=event.labelled,
        lines=event.lines,
    )


def _view_moved(session: Session, event: ViewMoved) -> Outcome:
    return _stay(session, view=event.view)


def _view_moved_in_job(session: Session, event: ViewMoved) -> Outcome:
    return _stay(session, SendCommand(LookAt(view=event.view)), view=event.view)


def _train(session: Session, event: TrainingRequested) -> Outcome:
    if session.labelled_classes in (0, 1):
        return _stay(session, message=ONE_CLASS if session.labelled_classes else NO_LABELS)
    model = session.continues
    curves = {} if model else {"steps": (), "scores": (), "last_scores": None, "step": 0}
    return _stay(
        session,
        LaunchTraining(event.minutes, model, session.view),
        phase=Phase.TRAINING,
        kind="train",
        device="",
        progress=Progress(),
        message="Starting the training process.",
        **curves,
    )


def _predict(session: Session, event: PredictionRequested) -> Outcome:
    if session.model is None:
        return _stay(session, message=NO_MODEL)
    return _stay(
        session,
        LaunchPrediction(session.model, session.survey),
        phase=Phase.PREDICTING,
        kind="predict",
        device="",
        progress=Progress(),
        message="Starting the prediction process.",
    )


def _launched(session: Session, event: JobLaunched) -> Outcome:
    return _stay(session, model=event.model, model_classes=session.n_classes)


def _failed(session: Session, event: JobFailed | LaunchFailed) -> Outcome:
    return _stay(session, phase=Phase.FAILED, message=event.message)


def _started(session: Session, event: JobStarted) -> Outcome:
    verb = "Training" if event.kind == "train" else "Predicting"
    return _stay(session, device=event.device, message=f"{verb} on {event.device}.")


def _stepped(session: Session, event: StepFinished) -> Outcome:
    """Extend the curve; a worker that resumed from older weights overwrites its tail."""
    before = session.steps
    while before and before[-1].step >= event.step:
        before = before[:-1]
    progress = session.advanced_by(
        fraction=event.fraction,
        voxels_per_second=event.voxels_per_second,
        elapsed_s=event.elapsed_s,
        remaining_s=event.remaining_s,
    )
    point = StepPoint(event.step, event.loss, event.accuracy)
    return _stay(session, step=event.step, steps=with_point(before, point), progress=progress)


def _validated(session: Session, event: ValidationFinished) -> Outcome:
    before = tuple(point for point in session.scores if point.step < event.step)
    point = ScorePoint(event.step, event.scores.pixel_accuracy, event.scores.mean_iou)
    return _stay(session, scores=with_point(before, point), last_scores=event.scores)


def _block_predicted(session: Session, event: BlockPredicted) -> Outcome:
    share = event.done / event.total if event.total else 0.0
    changes: dict[str, float | None] = {"predicted": share}
    if session.kind == "predict":
        changes["fraction"] = share
    return _stay(session, progress=session.advanced_by(**changes))


def _warned(session: Session, event: JobWarned) -> Outcome:
    return _stay(session, message=event.message)


def _pause(session: Session, event: PauseRequested) -> Outcome:
    return _stay(session, SendCommand(PauseJob()), message="Pausing.")


def _resume(session: Session, event: ResumeRequested) -> Outcome:
    return _stay(session, SendCommand(ResumeJob()), message="Resuming.")


def _paused(session: Session, event: JobPaused) -> Outcome:
    return _stay(session, phase=Phase.PAUSED, message="Paused.")


def _resumed(session: Session, event: JobResumed) -> Outcome:
    phase = Phase.PREDICTING if session.kind == "predict" else Phase.TRAINING
    return _stay(session, phase=phase, message=f"Going on on {session.device}.")


def _stop(session: Session, event: StopRequested) -> Outcome:
    return _stay(
        session,
        SendCommand(StopJob()),
        phase=Phase.STOPPING,
        message="Stopping: saving what has been learnt.",
    )


def _finished(session: Session, event: JobFinished) -> Outcome:
    progress = session.advanced_by(
        remaining_s=None, fraction=1.0 if event.reason == "done" else session.progress.fraction
    )
    message = _LAST_MESSAGES[session.kind or "train", event.reason]
    return _stay(session, phase=Phase.READY, progress=progress, message=message)


_IDLE = (Phase.READY, Phase.FAILED)
_WORKING = (Phase.TRAINING, Phase.PREDICTING)
_RUNNING = (*_WORKING, Phase.PAUSED, Phase.STOPPING)
_OPEN = (*_IDLE, *_RUNNING)

_RULES: tuple[tuple[tuple[Phase, ...], type, Transition], ...] = (
    (tuple(Phase), ProjectOpened, _opened),
    (tuple(Phase), ProjectClosed, _closed),
    (_OPEN, LegendChanged, _legend_changed),
    (_OPEN, LabelsCounted, _counted),
    (_IDLE, LabelsChanged, _labels_changed),
    (_RUNNING, LabelsChanged, _labels_changed_in_job),
    (_IDLE, ViewMoved, _view_moved),
    (_RUNNING, ViewMoved, _view_moved_in_job),
    (_IDLE, TrainingRequested, _train),
    (_IDLE, PredictionRequested, _predict),
    (_RUNNING, JobLaunched, _launched),
    (_RUNNING, LaunchFailed, _failed),
    (_WORKING, PauseRequested, _pause),
    ((Phase.PAUSED,), ResumeRequested, _resume),
    ((*_WORKING, Phase.PAUSED), StopRequested, _stop),
    (_RUNNING, JobStarted, _started),
    (_RUNNING, StepFinished, _stepped),
    (_RUNNING, ValidationFinished, _validated),
    (_RUNNING, BlockPredicted, _block_predicted),
    (_RUNNING, JobWarned, _warned),
    (_WORKING, JobPaused, _paused),
    ((Phase.PAUSED,), JobResumed, _resumed),
    (_RUNNING, JobFinished, _finished),
    (_RUNNING, JobFailed, _failed),
)
_TABLE: dict[tuple[Phase, type], Transition] = {
    (phase, event): transition for phases, event, transition in _RULES for phase in phases
}
