"""What becomes of a session when somebody presses a button.

Owns these transitions; in which phases they happen is `transitions`' table.
"""

from __future__ import annotations

from typing import Any

from napari_hyperseg.jobs.commands import PauseJob, ResumeJob, StopJob
from napari_hyperseg.project.outcomes import Outcome, go_on
from napari_hyperseg.project.session import Phase, Progress, Session
from napari_hyperseg.project.window_events import (
    LaunchPrediction,
    LaunchTraining,
    PauseRequested,
    PredictionRequested,
    ResumeRequested,
    SendCommand,
    StopRequested,
    TrainingRequested,
)

NO_LABELS = "Nothing is labelled yet: paint two classes on a few lines, or pick a horizon there."
ONE_CLASS = "Only one class is labelled: paint at least two, so there is something to tell apart."
NO_MODEL = "There is no trained model yet: press Train first."
_NO_FIGURES = {"last_scores": None, "last_tracked": None, "last_balance": None}


def train(session: Session, event: TrainingRequested) -> Outcome:
    """Start to train, if there is something to tell apart."""
    if session.enough_labels is False:
        return go_on(session, message=ONE_CLASS if session.labelled_classes else NO_LABELS)
    model = None if event.begin_with else event.model or session.continues
    curves: dict[str, Any] = {}
    if not model or model != session.model:
        curves = {"steps": (), "scores": (), "step": 0, **_NO_FIGURES}
    return go_on(
        session,
        LaunchTraining(event.minutes, model, session.view, event.begin_with),
        phase=Phase.TRAINING,
        kind="train",
        device="",
        progress=Progress(),
        message="Starting the training process.",
        **curves,
    )


def predict(session: Session, event: PredictionRequested) -> Outcome:
    """Start to predict the survey on screen, if there is a model."""
    model = event.model or session.saved_model
    if model is None:
        return go_on(session, message=NO_MODEL)
    return go_on(
        session,
        LaunchPrediction(model, session.survey, session.view),
        phase=Phase.PREDICTING,
        kind="predict",
        device="",
        progress=Progress(),
        message="Starting the prediction process.",
    )


def pause(session: Session, event: PauseRequested) -> Outcome:
    """Ask the worker to rest; it says when it does."""
    return go_on(session, SendCommand(PauseJob()), message="Pausing.")


def resume(session: Session, event: ResumeRequested) -> Outcome:
    """Ask the worker to go on; it says when it does."""
    return go_on(session, SendCommand(ResumeJob()), message="Resuming.")


def stop(session: Session, event: StopRequested) -> Outcome:
    """Ask the worker to end."""
    what = "what is predicted" if session.kind == "predict" else "what has been learnt"
    return go_on(
        session,
        SendCommand(StopJob()),
        phase=Phase.STOPPING,
        message=f"Stopping: saving {what}.",
    )
