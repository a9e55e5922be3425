"""The window's transitions as a table: phase, event -> phase, effects."""

from dataclasses import replace
from pathlib import Path

import pytest

from napari_hyperseg.jobs.events import (
    BlockPredicted,
    CheckpointSaved,
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    JobWarned,
    Scores,
    StepFinished,
    ValidationFinished,
)
from napari_hyperseg.jobs.spec import (
    LookAt,
    PauseJob,
    ResumeJob,
    StopJob,
    UseChangedLabels,
    View,
)
from napari_hyperseg.project.session import LONGEST_HISTORY, Phase, Session, with_point
from napari_hyperseg.project.transitions import NO_LABELS, NO_MODEL, ONE_CLASS, advance
from napari_hyperseg.project.window_events import (
    CloseWorker,
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
    StopRequested,
    TrainingRequested,
    ViewMoved,
)

VIEW = View(survey="north", axis=0, index=3)
SCORES = Scores(pixel_accuracy=0.9, class_accuracy=0.8, mean_iou=0.7, fw_iou=0.85)
BASE = Session(
    folder=Path("north.hyperseg"),
    survey="north",
    view=VIEW,
    n_classes=3,
    labelled=((1, 10), (2, 20)),
    kind="train",
    device="cpu",
    model="1",
    model_classes=3,
)
OPENED = ProjectOpened(Path("south.hyperseg"), "south", 4)
TRAIN = TrainingRequested(5.0)
LABELS = LabelsChanged("north", ((1, 11), (2, 20)))
STARTED = JobStarted(kind="train", device="cuda:0", parameters=1)
BLOCK = BlockPredicted(survey="north", box=((0, 1),) * 3, step=1, done=1, total=4)

E, R, T, P, PA, S, F = (
    Phase.EMPTY,
    Phase.READY,
    Phase.TRAINING,
    Phase.PREDICTING,
    Phase.PAUSED,
    Phase.STOPPING,
    Phase.FAILED,
)


def step(number, **changes):
    fields = {"loss": 0.5, "accuracy": 0.6, "voxels_per_second": 1e6, "elapsed_s": 2.0}
    return StepFinished(step=number, **(fields | changes))


def sent(command):
    return (SendCommand(command),)


TABLE = [
    (E, OPENED, R, ()),
    (R, OPENED, R, ()),
    (F, OPENED, R, ()),
    (T, OPENED, R, (CloseWorker(),)),
    (PA, OPENED, R, (CloseWorker(),)),
    (R, ProjectClosed(), E, ()),
    (T, ProjectClosed(), E, (CloseWorker(),)),
    (S, ProjectClosed(), E, (CloseWorker(),)),
    (E, TRAIN, E, ()),
    (R, TRAIN, T, (LaunchTraining(5.0, "1", VIEW),)),
    (F, TRAIN, T, (LaunchTraining(5.0, "1", VIEW),)),
    (T, TRAIN, T, ()),
    (S, TRAIN, S, ()),
    (R, PredictionRequested(), P, (LaunchPrediction("1", "north"),)),
    (T, PredictionRequested(), T, ()),
    (T, JobLaunched("2"), T, ()),
    (T, LaunchFailed("no"), F, ()),
    (T, STARTED, T, ()),
    (T, PauseRequested(), T, sent(PauseJob())),
    (P, PauseRequested(), P, sent(PauseJob())),
    (R, PauseRequested(), R, ()),
    (PA, PauseRequested(), PA, ()),
    (T, JobPaused(), PA, ()),
    (S, JobPaused(), S, ()),
    (PA, ResumeRequested(), PA, sent(ResumeJob())),
    (T, ResumeRequested(), T, ()),
    (PA, JobResumed(), T, ()),
    (T, StopRequested(), S, sent(StopJob())),
    (PA, StopRequested(), S, sent(StopJob())),
    (P, StopRequested(), S, sent(StopJob())),
    (R, StopRequested(), R, ()),
    (S, StopRequested(), S, ()),
    (T, step(1), T, ()),
    (PA, step(1), PA, ()),
    (S, step(1), S, ()),
    (R, step(1), R, ()),
    (T, BLOCK, T, ()),
    (T, CheckpointSaved(step=1), T, ()),
    (T, JobWarned(message="w"), T, ()),
    (T, JobFinished(reason="done"), R, ()),
    (P, JobFinished(reason="done"), R, ()),
    (S, JobFinished(reason="stopped"), R, ()),
    (PA, JobFinished(reason="stopped"), R, ()),
    (T, JobFailed(message="m"), F, ()),
    (S, JobFailed(message="m"), F, ()),
    (PA, JobFailed(message="m"), F, ()),
    (R, JobFailed(message="m"), R, ()),
    (R, LABELS, R, ()),
    (T, LABELS, T, sent(UseChangedLabels(survey="north"))),
    (PA, LABELS, PA, sent(UseChangedLabels(survey="north"))),
    (T, LabelsCounted(((1, 1),)), T, ()),
    (R, ViewMoved(VIEW), R, ()),
    (T, ViewMoved(VIEW), T, sent(LookAt(view=VIEW))),
    (R, LegendChanged(9), R, ()),
]


@pytest.mark.parametrize(
    ("phase", "event", "after", "effects"),
    TABLE,
    ids=[f"{row[0].value}-{type(row[1]).__name__}-{i}" for i, row in enumerate(TABLE)],
)
def test_transition(phase, event, after, effects):
    session, found = advance(replace(BASE, phase=phase), event)
    assert session.phase is after
    assert found == effects


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize(
    "event", list(dict.fromkeys(row[1] for row in TABLE)), ids=lambda e: type(e).__name__
)
def test_every_pair_is_harmless(phase, event):
    session, effects = advance(replace(BASE, phase=phase), event)
    assert isinstance(session, Session)
    assert isinstance(effects, tuple)


def ready(**changes):
    return replace(BASE, phase=R, **changes)


@pytest.mark.parametrize(
    ("labelled", "message"),
    [((), NO_LABELS), (((1, 0),), NO_LABELS), (((2, 9),), ONE_CLASS)],
)
def test_training_asks_for_two_classes(labelled, message):
    session, effects = advance(ready(labelled=labelled), TRAIN)
    assert (session.phase, session.message, effects) == (R, message, ())


def test_labels_not_counted_yet_do_not_hold_training_up():
    session, _ = advance(ready(labelled=None), TRAIN)
    assert session.phase is T


def test_the_request_for_labels_goes_away_with_the_next_stroke():
    session, _ = advance(ready(labelled=(), message=NO_LABELS), LABELS)
    assert session.message == ""
    assert session.labelled_classes == 2


def test_a_new_class_starts_a_new_model_and_new_curves():
    session, _ = advance(ready(steps=((1, 0.5, 0.5),)), LegendChanged(4))
    session, effects = advance(session, TRAIN)
    assert effects == (LaunchTraining(5.0, None, VIEW),)
    assert session.steps == ()
    session, _ = advance(session, JobLaunched("2"))
    assert session.continues == "2"


def test_predicting_needs_a_model():
    session, effects = advance(ready(model=None), PredictionRequested())
    assert (session.phase, session.message, effects) == (R, NO_MODEL, ())


def test_a_prediction_resumes_as_a_prediction():
    session, _ = advance(replace(BASE, phase=PA, kind="predict"), JobResumed())
    assert session.phase is P


def test_steps_fill_curve_and_progress():
    session, _ = advance(replace(BASE, phase=T), STARTED)
    assert session.device == "cuda:0"
    session, _ = advance(session, step(1, fraction=0.25, remaining_s=30.0))
    session, _ = advance(session, step(2, loss=0.4))
    session, _ = advance(session, BLOCK)
    assert [point.loss for point in session.steps] == [0.5, 0.4]
    assert session.progress.predicted == 0.25
    assert session.step == 2


def test_a_resumed_model_overwrites_the_tail_of_its_curve():
    session = replace(BASE, phase=T)
    for number in (1, 2, 3, 2):
        session, _ = advance(session, step(number))
    assert [point.step for point in session.steps] == [1, 2]


def test_validation_keeps_the_latest_scores():
    session, _ = advance(
        replace(BASE, phase=T), ValidationFinished(step=7, elapsed_s=1.0, scores=SCORES)
    )
    assert session.last_scores == SCORES
    assert session.scores == ((7, 0.9, 0.7),)


def test_the_failure_is_what_the_user_reads():
    session, _ = advance(replace(BASE, phase=T), JobFailed(message="Out of memory."))
    assert session.message == "Out of memory."


def test_curves_stay_bounded_and_keep_both_ends():
    history = ()
    for number in range(3 * LONGEST_HISTORY):
        history = with_point(history, number)
    assert len(history) <= LONGEST_HISTORY
    assert history[0] == 0
    assert history[-1] == 3 * LONGEST_HISTORY - 1
    assert list(history) == sorted(history)
