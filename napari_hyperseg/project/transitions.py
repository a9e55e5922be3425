"""How one session follows from another: a pure function over one table.

`advance` looks up (phase, type of event).  A pair that is not in the table changes nothing:
a late event of a worker, or a button pressed twice, is no error.  The transitions themselves
are in `project_transitions`, `request_transitions` and `report_transitions`.
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
from napari_hyperseg.project import project_transitions as project
from napari_hyperseg.project import report_transitions as report
from napari_hyperseg.project import request_transitions as request
from napari_hyperseg.project.outcomes import Outcome, Transition
from napari_hyperseg.project.session import Phase, Session
from napari_hyperseg.project.window_events import (
    JobLaunched,
    LabelsChanged,
    LabelsCounted,
    LaunchFailed,
    LegendChanged,
    ModelRemoved,
    PauseRequested,
    PredictionAged,
    PredictionRequested,
    ProjectClosed,
    ProjectOpened,
    ResumeRequested,
    SessionEvent,
    StopRequested,
    TrainingRequested,
    ViewMoved,
)

_ALL = tuple(Phase)
_IDLE = (Phase.READY, Phase.FAILED)
_WORKING = (Phase.TRAINING, Phase.PREDICTING)
_PAUSED = (Phase.PAUSED,)
_RUNNING = (*_WORKING, *_PAUSED, Phase.STOPPING)
_OPEN = (*_IDLE, *_RUNNING)

_RULES: tuple[tuple[tuple[Phase, ...], type, Transition], ...] = (
    # in these phases     this event           does this
    (_ALL,                ProjectOpened,       project.opened),
    (_ALL,                ProjectClosed,       project.closed),
    (_OPEN,               ModelRemoved,        project.model_removed),
    (_OPEN,               LegendChanged,       project.legend_changed),
    (_OPEN,               LabelsCounted,       project.counted),
    (_OPEN,               PredictionAged,      project.prediction_aged),
    (_IDLE,               LabelsChanged,       project.labels_changed),
    (_RUNNING,            LabelsChanged,       project.labels_changed_in_job),
    (_IDLE,               ViewMoved,           project.view_moved),
    (_RUNNING,            ViewMoved,           project.view_moved_in_job),
    (_IDLE,               TrainingRequested,   request.train),
    (_IDLE,               PredictionRequested, request.predict),
    (_WORKING,            PauseRequested,      request.pause),
    (_PAUSED,             ResumeRequested,     request.resume),
    (_WORKING + _PAUSED,  StopRequested,       request.stop),
    (_RUNNING,            JobLaunched,         report.launched),
    (_RUNNING,            LaunchFailed,        report.failed),
    (_RUNNING,            JobStarted,          report.started),
    ((Phase.TRAINING,),   TrackingAdvanced,    report.boundaries_tracked),
    (_RUNNING,            StepFinished,        report.stepped),
    (_RUNNING,            ValidationFinished,  report.validated),
    (_RUNNING,            CheckpointSaved,     report.saved),
    (_RUNNING,            BlockPredicted,      report.block_predicted),
    (_RUNNING,            JobWarned,           report.warned),
    (_WORKING,            JobPaused,           report.paused),
    (_PAUSED,             JobResumed,          report.resumed),
    (_RUNNING,            JobFinished,         report.finished),
    (_RUNNING,            JobFailed,           report.failed),
)  # fmt: skip
_TABLE: dict[tuple[Phase, type], Transition] = {
    (phase, event): transition for phases, event, transition in _RULES for phase in phases
}
_CHANGING = (TrainingRequested, PredictionRequested)  # the project: not where it is read-only


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
        The same session and no effects where the event means nothing in this phase, or asks
        for what would change a project that this window may only read.
    """
    transition = _TABLE.get((session.phase, type(event)))
    if transition is None or (session.read_only and isinstance(event, _CHANGING)):
        return session, ()
    return transition(session, event)
