"""What becomes of a session when a worker, or its launcher, reports.

Owns these transitions; in which phases they happen is `transitions`' table.
"""

from __future__ import annotations

from napari_hyperseg.jobs.events import (
    BlockPredicted,
    CheckpointSaved,
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    JobWarned,
    StepFinished,
    TrackingAdvanced,
    ValidationFinished,
)
from napari_hyperseg.project.outcomes import Outcome, go_on
from napari_hyperseg.project.session import Phase, ScorePoint, Session, StepPoint, with_point
from napari_hyperseg.project.window_events import JobLaunched, LaunchFailed

_LAST_MESSAGES = {
    ("train", "done"): "Training is complete.",
    ("train", "stopped"): "Stopped. Train goes on from here.",
    ("predict", "done"): "The survey is predicted.",
    ("predict", "stopped"): "Stopped before the whole survey was predicted.",
}


def launched(session: Session, event: JobLaunched) -> Outcome:
    """Know which model is trained; a prediction changes none."""
    if session.kind == "predict":
        return go_on(session)
    return go_on(session, model=event.model, model_classes=session.n_classes)


def failed(session: Session, event: JobFailed | LaunchFailed) -> Outcome:
    """Say why there is no worker any more."""
    return go_on(session, phase=Phase.FAILED, message=event.message)


def started(session: Session, event: JobStarted) -> Outcome:
    """Say where it computes."""
    verb = "Training" if event.kind == "train" else "Predicting"
    return go_on(session, device=event.device, message=f"{verb} on {event.device}.")


def stepped(session: Session, event: StepFinished) -> Outcome:
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
    return go_on(session, step=event.step, steps=with_point(before, point), progress=progress)


def boundaries_tracked(session: Session, event: TrackingAdvanced) -> Outcome:
    """Say how far the boundaries between labelled classes are tracked, before the first step."""
    if session.progress.voxels_per_second > 0:
        return go_on(session)
    if event.fraction >= 1:
        return go_on(session, message=f"Training on {session.device}.")
    return go_on(session, message=f"Tracking the boundaries of the labels, {event.fraction:.0%}.")


def validated(session: Session, event: ValidationFinished) -> Outcome:
    """Extend the curves of the held-out labels."""
    before = tuple(point for point in session.scores if point.step < event.step)
    point = ScorePoint(event.step, event.scores.pixel_accuracy, event.scores.mean_iou)
    return go_on(
        session,
        scores=with_point(before, point),
        last_scores=event.scores,
        last_tracked=event.tracked,
        last_balance=event.balance,
    )


def saved(session: Session, event: CheckpointSaved) -> Outcome:
    """There is a model to predict with."""
    return go_on(session, saved_model=session.model)


def block_predicted(session: Session, event: BlockPredicted) -> Outcome:
    """Move the figures on, and the bar where predicting is all there is to do."""
    share = event.done / event.total if event.total else 0.0
    changes: dict[str, float | None] = {"predicted": share}
    if session.kind == "predict":
        changes["fraction"] = share
    return go_on(session, progress=session.advanced_by(**changes))


def warned(session: Session, event: JobWarned) -> Outcome:
    """Say what the worker found odd."""
    return go_on(session, message=event.message)


def paused(session: Session, event: JobPaused) -> Outcome:
    """The worker rests."""
    return go_on(session, phase=Phase.PAUSED, message="Paused.")


def resumed(session: Session, event: JobResumed) -> Outcome:
    """The worker goes on with what it did."""
    phase = Phase.PREDICTING if session.kind == "predict" else Phase.TRAINING
    return go_on(session, phase=phase, message=f"Going on on {session.device}.")


def finished(session: Session, event: JobFinished) -> Outcome:
    """The job ended in order."""
    fraction = 1.0 if event.reason == "done" else session.progress.fraction
    progress = session.advanced_by(remaining_s=None, fraction=fraction)
    message = _LAST_MESSAGES[session.kind or "train", event.reason]
    return go_on(session, phase=Phase.READY, progress=progress, message=message)
