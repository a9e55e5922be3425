"""Specifications, commands and events go through JSON unchanged, or are refused."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from pydantic import ValidationError

from napari_hyperseg.jobs.commands import (
    LookAt,
    PauseJob,
    ResumeJob,
    StopJob,
    UseChangedLabels,
    parse_command,
)
from napari_hyperseg.jobs.events import (
    BlockPredicted,
    BoundaryScores,
    CheckpointSaved,
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    JobWarned,
    LabelsRead,
    ReliabilityScores,
    Scores,
    StepFinished,
    ValidationFinished,
    parse_event,
)
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.survey.segy.reading import Reading

SCORES = Scores(
    pixel_accuracy=0.5, class_accuracy=0.25, mean_iou=0.1, fw_iou=0.2, iou=(0.1, None), voxels=7
)
BOUNDARY = BoundaryScores(
    above=2, below=1, traces=9, mae_samples=1.5, mae_ms=6.0, within_1=0.5, within_3=1.0, coverage=1
)
LOST = BOUNDARY.model_copy(update={"mae_ms": None, "coverage": 0.0})
RICH = SCORES.model_copy(
    update={
        "confusion": ((3, 1), (0, 2)),
        "reliability": ReliabilityScores(counts=(4,), confidence=(0.5,), accuracy=(None,)),
        "calibration_error": 0.1,
        "horizons": (BOUNDARY, LOST),
        "order_violations": 0.0,
        "vertical_unit": "m",
        "traces": 9,
    }
)
STEP = StepFinished(step=3, loss=0.1, accuracy=1.0, voxels_per_second=1e6, elapsed_s=0.5)
EVENTS = [
    JobStarted(kind="train", device="cpu", parameters=8, labelled_voxels=3),
    STEP,
    ValidationFinished(step=3, elapsed_s=1.5, scores=SCORES),
    ValidationFinished(step=3, elapsed_s=1.5, scores=RICH, tracked=RICH),
    BlockPredicted(survey="a", box=((0, 1), (2, 3), (4, 5)), step=1, done=1, total=2, visible=True),
    CheckpointSaved(step=9),
    LabelsRead(survey="north", labelled_voxels=5),
    JobPaused(),
    JobResumed(),
    JobWarned(message='two\nlines and "quotes"'),
    JobFinished(reason="stopped", steps=3, scores=SCORES),
    JobFailed(message="Größe ✓", log="worker.log"),
]
COMMANDS = [
    StopJob(),
    PauseJob(),
    ResumeJob(),
    UseChangedLabels(survey="north"),
    LookAt(view=View(survey="north", axis=2, index=5)),
]
SPEC = JobSpec(
    kind="train",
    model=Path("models") / "1",
    surveys=(
        SurveyInput(
            key="a",
            segy=Path("a.sgy"),
            reading=Reading((189, 193), domain="depth"),
            facies=Path("a.npy"),
        ),
        SurveyInput(key="b", segy=Path("b.sgy"), prediction=Path("b.zarr")),
    ),
    n_classes=6,
    minutes=2.5,
    view=View(survey="a", axis=0, index=3),
    network={
        "path": ((0, 0, 4), (1, 1, 4), (0, 0, 4)),
        "axes": (0, 2),
        "width": 8,
        "step_size": 0.5,
        "activation": "relu",
    },
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event)
def test_an_event_is_one_line_and_comes_back(event):
    line = event.model_dump_json()
    assert "\n" not in line
    assert parse_event(line) == event


def test_scores_of_earlier_versions_are_read():
    line = (
        '{"event": "validation_finished", "step": 3, "elapsed_s": 1.5, "scores": {"pixel_accuracy":'
        ' 0.5, "class_accuracy": 0.25, "mean_iou": 0.1, "fw_iou": 0.2, "iou": [0.1, null],'
        ' "voxels": 7}, "tracked": null}'
    )
    assert parse_event(line).scores == SCORES
    assert SCORES.horizon_error is None


def test_the_error_of_horizons_is_the_mean_of_those_that_were_found():
    other = BOUNDARY.model_copy(update={"mae_ms": 2.0})
    assert RICH.model_copy(update={"horizons": (BOUNDARY, LOST, other)}).horizon_error == 4
    assert RICH.model_copy(update={"vertical_unit": ""}).horizon_error is None


def test_a_diverged_loss_comes_back_as_nan():
    line = STEP.model_copy(update={"loss": math.nan, "accuracy": math.nan}).model_dump_json()
    event = parse_event(line)
    assert math.isnan(event.loss)
    assert math.isnan(event.accuracy)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.command)
def test_a_command_is_one_line_and_comes_back(command):
    line = command.model_dump_json()
    assert "\n" not in line
    assert parse_command(line) == command


def test_a_specification_comes_back():
    again = JobSpec.model_validate_json(SPEC.model_dump_json())
    assert again == SPEC
    assert again.network["axes"] == (0, 2)
    assert again.network["path"] == ((0, 0, 4), (1, 1, 4), (0, 0, 4))
    assert isinstance(again.network["width"], int)


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", '{"command": "explode"}', '{"command": "stop", "now": true}', "stop"],
)
def test_what_is_no_command_is_refused(line):
    with pytest.raises(ValidationError):
        parse_command(line)


@pytest.mark.parametrize(
    "line",
    ["progress: 5 %", '{"event": "job_paused", "why": "tea"}', '{"event": "step_finished"}'],
)
def test_what_is_no_event_is_refused(line):
    with pytest.raises(ValidationError):
        parse_event(line)


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": None},
        {"minutes": 0},
        {"minutes": None, "steps": 0},
        {"n_classes": 1},
        {"n_classes": 256},
        {"device": "tpu"},
        {"kind": "dream"},
        {"seed": -1},
        {"threads": 0},
        {"colour": "blue"},
        {"view": {"survey": "a", "axis": 3}},
    ],
    ids=str,
)
def test_a_specification_that_makes_no_job_is_refused(change):
    fields = json.loads(SPEC.model_dump_json()) | change
    with pytest.raises(ValidationError):
        JobSpec.model_validate(fields)


def test_a_prediction_needs_no_end():
    fields = json.loads(SPEC.model_dump_json()) | {"kind": "predict", "minutes": None}
    assert JobSpec.model_validate(fields).steps is None
