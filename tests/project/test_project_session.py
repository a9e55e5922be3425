"""What the window knows, event by event: messages, figures, curves."""

from dataclasses import replace
from pathlib import Path

import pytest

from napari_hyperseg.jobs.events import (
    BlockPredicted,
    CheckpointSaved,
    JobFailed,
    JobFinished,
    JobResumed,
    JobStarted,
    JobWarned,
    Scores,
    StepFinished,
    TrackingAdvanced,
    ValidationFinished,
)
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.project.request_transitions import NO_LABELS, NO_MODEL, ONE_CLASS
from napari_hyperseg.project.session import LONGEST_HISTORY, Phase, Session, with_point
from napari_hyperseg.project.transitions import advance
from napari_hyperseg.project.window_events import (
    JobLaunched,
    LabelsChanged,
    LabelsCounted,
    LaunchPrediction,
    LaunchTraining,
    LegendChanged,
    PredictionRequested,
    ProjectOpened,
    StopRequested,
    TrainingRequested,
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
    saved_model="1",
)
TRAIN = TrainingRequested(5.0)
LABELS = LabelsChanged("north", LabelsCounted(((1, 11), (2, 20))))
STARTED = JobStarted(kind="train", device="cuda:0", parameters=1)
BLOCK = BlockPredicted(survey="north", box=((0, 1),) * 3, step=1, done=1, total=4)
R, T, P, PA = Phase.READY, Phase.TRAINING, Phase.PREDICTING, Phase.PAUSED


def step(number, **changes):
    fields = {"loss": 0.5, "accuracy": 0.6, "voxels_per_second": 1e6, "elapsed_s": 2.0}
    return StepFinished(step=number, **(fields | changes))


def ready(**changes):
    return replace(BASE, phase=R, **changes)


@pytest.mark.parametrize(
    ("labelled", "message"),
    [((), NO_LABELS), (((1, 0),), NO_LABELS), (((2, 9),), ONE_CLASS)],
)
def test_training_asks_for_two_classes(labelled, message):
    session, effects = advance(ready(labelled=labelled), TRAIN)
    assert (session.phase, session.message, effects) == (R, message, ())


def test_picks_or_labels_of_other_surveys_are_enough():
    session, _ = advance(ready(), LabelsCounted((), enough_besides=True, parting=("Top",)))
    assert session.parting == ("Top",)
    session, _ = advance(session, TRAIN)
    assert session.phase is T


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
    session, effects = advance(ready(saved_model=None), PredictionRequested())
    assert (session.phase, session.message, effects) == (R, NO_MODEL, ())


def test_predicting_uses_the_last_model_that_is_on_disk():
    """A training that ended before it saved anything leaves the model before it."""
    session, _ = advance(ready(model_classes=2), TRAIN)
    session, _ = advance(session, JobLaunched("2"))
    assert (session.model, session.saved_model) == ("2", "1")
    failed, _ = advance(session, JobFailed(message="m"))
    _, effects = advance(failed, PredictionRequested())
    assert effects == (LaunchPrediction("1", "north", VIEW),)
    saved, _ = advance(session, CheckpointSaved(step=1))
    done, _ = advance(saved, JobFinished(reason="done"))
    _, effects = advance(done, PredictionRequested())
    assert effects == (LaunchPrediction("2", "north", VIEW),)


def test_a_prediction_does_not_change_what_training_goes_on_with():
    """The last model may know other classes than the legend has by now."""
    session, _ = advance(ready(n_classes=4), PredictionRequested())
    session, _ = advance(session, JobLaunched("1"))
    session, _ = advance(session, JobFinished(reason="done"))
    assert session.continues is None
    _, effects = advance(session, TRAIN)
    assert effects == (LaunchTraining(5.0, None, VIEW),)


def test_an_opened_project_can_be_predicted_with_its_newest_model():
    opened = ProjectOpened(Path("south.hyperseg"), "south", 4, model="7", model_classes=4)
    assert advance(Session(), opened)[0].saved_model == "7"


@pytest.mark.parametrize(("kind", "what"), [("train", "learnt"), ("predict", "predicted")])
def test_stop_says_what_is_saved(kind, what):
    session, _ = advance(replace(BASE, phase=PA, kind=kind), StopRequested())
    assert what in session.message


def test_the_bar_of_a_prediction_is_the_share_that_is_predicted():
    session, _ = advance(replace(BASE, phase=P, kind="predict"), BLOCK)
    assert session.progress.fraction == session.progress.predicted == 0.25


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
    tracked = SCORES.model_copy(update={"mean_iou": 0.6})
    event = ValidationFinished(step=7, elapsed_s=1.0, scores=SCORES, tracked=tracked)
    session, _ = advance(replace(BASE, phase=T), event)
    assert session.last_scores == SCORES
    assert session.last_tracked == tracked
    assert session.scores == ((7, 0.9, 0.7),)


def test_tracking_is_told_until_the_first_step():
    half, whole = (TrackingAdvanced(survey="north", fraction=share) for share in (0.5, 1.0))
    session, _ = advance(replace(BASE, phase=T, device="cpu"), half)
    assert session.message == "Tracking the boundaries of the labels, 50%."
    session, _ = advance(session, whole)
    assert session.message == "Training on cpu."
    session, _ = advance(session, step(1))
    session, _ = advance(session, JobWarned(message="Memory ran out."))
    session, _ = advance(session, half)
    assert session.message == "Memory ran out."


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
