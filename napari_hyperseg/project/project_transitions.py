"""What becomes of a session when project, legend, labels or view change.

Owns these transitions; in which phases they happen is `transitions`' table.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from napari_hyperseg.jobs.commands import LookAt, UseChangedLabels
from napari_hyperseg.project.outcomes import Outcome, go_on
from napari_hyperseg.project.request_transitions import NO_LABELS, ONE_CLASS
from napari_hyperseg.project.session import Phase, Session
from napari_hyperseg.project.window_events import (
    CloseWorker,
    LabelsChanged,
    LabelsCounted,
    LegendChanged,
    ModelRemoved,
    PredictionAged,
    ProjectClosed,
    ProjectOpened,
    SendCommand,
    ViewMoved,
)


def opened(session: Session, event: ProjectOpened) -> Outcome:
    """Start afresh; another survey of the same project leaves the job alone."""
    if event.folder == session.folder:
        return go_on(
            session,
            survey=event.survey,
            n_classes=event.n_classes,
            labelled=None,
            lines=(),
            enough_besides=False,
            parting=(),
            outdated=0.0,
            read_only=event.read_only,
        )
    fresh = Session(
        phase=Phase.READY,
        folder=event.folder,
        read_only=event.read_only,
        survey=event.survey,
        n_classes=event.n_classes,
        model=event.model,
        model_classes=event.model_classes,
        saved_model=event.model,
    )
    return fresh, (CloseWorker(),) if session.phase.running else ()


def closed(session: Session, event: ProjectClosed) -> Outcome:
    """Know nothing any more."""
    return Session(), (CloseWorker(),) if session.phase.running else ()


def legend_changed(session: Session, event: LegendChanged) -> Outcome:
    """Count the classes."""
    return go_on(session, n_classes=event.n_classes)


def model_removed(session: Session, event: ModelRemoved) -> Outcome:
    """Train and predict with the newest of the other models, if this was what they would use."""
    changes: dict[str, str | int | None] = {}
    if session.model == event.model:
        changes |= {"model": event.newest, "model_classes": event.newest_classes}
    if session.saved_model == event.model:
        changes["saved_model"] = event.newest
    return go_on(session, **changes)


def counted(session: Session, event: LabelsCounted) -> Outcome:
    """Know how much is labelled."""
    return go_on(session, **_figures(event))


def prediction_aged(session: Session, event: PredictionAged) -> Outcome:
    """Know how much of the prediction is older than the labels."""
    return go_on(session, outdated=event.outdated)


def labels_changed(session: Session, event: LabelsChanged) -> Outcome:
    """Ask for labels no more: there are some now."""
    message = "" if session.message in (NO_LABELS, ONE_CLASS) else session.message
    return go_on(session, **_figures(event.counted), message=message)


def labels_changed_in_job(session: Session, event: LabelsChanged) -> Outcome:
    """Let the worker read them."""
    command = SendCommand(UseChangedLabels(survey=event.survey, revision=event.revision))
    return go_on(session, command, **_figures(event.counted))


def _figures(counted: LabelsCounted) -> dict[str, Any]:
    return {field.name: getattr(counted, field.name) for field in fields(counted)}


def view_moved(session: Session, event: ViewMoved) -> Outcome:
    """Know which section is on screen."""
    return go_on(session, view=event.view)


def view_moved_in_job(session: Session, event: ViewMoved) -> Outcome:
    """Let the worker predict it first."""
    return go_on(session, SendCommand(LookAt(view=event.view)), view=event.view)
