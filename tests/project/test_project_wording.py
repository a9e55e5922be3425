"""What the window says about a session."""

from dataclasses import replace

import numpy as np
import pytest

from napari_hyperseg.jobs.events import BoundaryScores, Scores
from napari_hyperseg.learn.origins import Origin, Origins
from napari_hyperseg.project.session import Phase, Progress, Session
from napari_hyperseg.project.wording import (
    NO_SURVEY,
    ONLY_LOOK,
    READY_TO_LABEL,
    READY_TO_TRAIN,
    age_text,
    bar_text,
    count_text,
    duration_text,
    extent_lines,
    made_text,
    maker_text,
    message_text,
    progress_text,
    scores_text,
    speed_text,
)
from napari_hyperseg.survey.geometry import Geometry

TRAINING = Session(
    phase=Phase.TRAINING,
    kind="train",
    step=12,
    progress=Progress(0.5, 0.25, 1.23e6, 10.0, 125.0),
    last_scores=Scores(pixel_accuracy=0.912, class_accuracy=0.8, mean_iou=0.654, fw_iou=0.8),
)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 s"), (45, "45 s"), (59.7, "1 min 00 s"), (125, "2 min 05 s"), (4200, "1 h 10 min")],
)
def test_durations(seconds, text):
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("voxels", "text"), [(0, "0"), (847, "847"), (12345, "12.3k"), (1.2e6, "1.2M")]
)
def test_counts(voxels, text):
    assert count_text(int(voxels)) == text


def test_speeds():
    assert speed_text(1.23e6) == "1.23 Mvoxel/s"
    assert speed_text(12.0) == "12 voxel/s"


def test_a_running_training_tells_its_figures():
    assert progress_text(TRAINING) == "1.23 Mvoxel/s, step 12, predicted 25%"
    assert bar_text(TRAINING) == "50%, 2 min 05 s left"
    assert progress_text(replace(TRAINING, phase=Phase.FAILED)) == ""
    assert scores_text(TRAINING) == "held out: accuracy 91.2%, mean IoU 0.65"
    tracked = Scores(pixel_accuracy=0.8, class_accuracy=0.8, mean_iou=0.604, fw_iou=0.8)
    alone = scores_text(replace(TRAINING, last_tracked=tracked))
    assert alone == "held out: accuracy 91.2%, mean IoU 0.65 (tracking alone 0.60)"
    half = scores_text(replace(TRAINING, last_tracked=tracked, last_balance=0.5))
    assert half.endswith("mean IoU 0.65 (tracking alone 0.60, the network counts 50%)")
    none = scores_text(replace(TRAINING, last_tracked=tracked, last_balance=0.0))
    assert none.endswith("mean IoU 0.65 (as tracked)")


def test_the_error_of_horizons_is_told_in_the_surveys_unit():
    errors = {"mae_samples": 0.8, "mae_ms": 3.14, "within_1": 1, "within_3": 1, "coverage": 1}
    boundary = BoundaryScores(above=1, below=2, traces=5, **errors)
    scores = TRAINING.last_scores.model_copy(update={"horizons": (boundary,)})
    text = scores_text(replace(TRAINING, last_scores=scores))
    assert text == "held out: accuracy 91.2%, mean IoU 0.65, horizons 3.1 ms"
    in_depth = scores.model_copy(update={"vertical_unit": "m"})
    assert scores_text(replace(TRAINING, last_scores=in_depth)).endswith("horizons 3.1 m")


@pytest.mark.parametrize(
    ("outdated", "share"), [(1e-6, "1%"), (0.404, "40%"), (0.99, "99%"), (0.999, "99%"), (1, "all")]
)
def test_how_much_of_the_prediction_is_older_than_the_labels(outdated, share):
    older = f"{share} predicted before labels changed"
    assert age_text(replace(TRAINING, outdated=outdated)) == older
    idle = replace(TRAINING, phase=Phase.READY, outdated=outdated)
    assert age_text(idle) == f"{older}: Train brings it up to date"
    assert age_text(replace(idle, read_only="open elsewhere")) == older


def test_who_made_a_prediction():
    assert maker_text(None) == "by the network"
    assert maker_text(0.0) == "as tracked"
    assert maker_text(0.25) == "by the network (25%) and tracking (75%)"
    assert maker_text(1.0) == "by the network"
    origins = Origins()
    origins.add(((0, 6), (0, 5), (0, 20)), Origin(1, 2, 0.0))
    origins.add(((0, 1), (0, 5), (0, 20)), Origin(2, 3, 0.0))
    assert made_text(origins) == "as tracked"
    origins.add(((0, 6), (0, 2), (0, 20)), Origin(3, 3, None))
    assert made_text(origins) == "60% as tracked, 40% by the network"


def test_nothing_is_left_when_nothing_runs():
    assert bar_text(replace(TRAINING, phase=Phase.READY)) == "50%"


def test_a_prediction_tells_how_far_it_is():
    predicting = Session(
        phase=Phase.PREDICTING, kind="predict", step=12, progress=Progress(0.25, 0.25)
    )
    assert progress_text(predicting) == "predicted 25%"
    assert bar_text(predicting) == "25%"


def test_before_the_first_figure_there_is_none():
    assert [f(Session()) for f in (progress_text, scores_text, age_text)] == [""] * 3


def test_every_phase_says_something():
    assert message_text(Session()) == NO_SURVEY
    for phase in Phase:
        assert message_text(Session(phase=phase))
    assert message_text(Session(phase=Phase.READY)) == READY_TO_LABEL
    labelled = Session(phase=Phase.READY, labelled=((1, 40), (2, 7)))
    assert message_text(labelled) == READY_TO_TRAIN
    assert message_text(replace(labelled, read_only="open elsewhere")) == ONLY_LOOK
    assert message_text(replace(TRAINING, message="Paused.")) == "Paused."


def test_extents_are_in_survey_numbers():
    geometry = Geometry(np.arange(10, 22, 2), np.arange(31, 36), 20, 100.0, 4.0)
    assert extent_lines(geometry) == (
        "10 - 20 every 2 (6)",
        "31 - 35 (5)",
        "100 - 176 ms every 4",
    )
