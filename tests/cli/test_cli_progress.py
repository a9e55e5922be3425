"""Progress without a terminal: a line for what matters, on standard error."""

from __future__ import annotations

import pytest

from napari_hyperseg.cli.progress import JobProgress
from napari_hyperseg.jobs.events import (
    BlockPredicted,
    JobFinished,
    JobStarted,
    JobWarned,
    Scores,
    StepFinished,
    ValidationFinished,
)

SCORES = Scores(pixel_accuracy=0.875, class_accuracy=0.8, mean_iou=0.7, fw_iou=0.75)


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for a line, whatever runs the tests."""
    monkeypatch.setenv("COLUMNS", "200")


def test_training(capsys: pytest.CaptureFixture[str]):
    step = StepFinished(
        step=7, loss=0.5, accuracy=0.9, voxels_per_second=2.5e6, elapsed_s=3, remaining_s=65
    )
    with JobProgress("Training") as show:
        show(JobStarted(kind="train", device="cpu", parameters=12, labelled_voxels=900))
        show(step.model_copy(update={"fraction": 0.5}))
        show(ValidationFinished(step=7, elapsed_s=3, scores=SCORES))
        show(JobWarned(message="Labels of [one] class only."))
        show(step.model_copy(update={"fraction": 1.0, "step": 8}))
        show(JobFinished(reason="done"))
    told = capsys.readouterr()
    assert told.out == ""
    assert "Training on cpu: 900 labelled voxels" in told.err
    assert "step 7, held-out 87.5% mIoU 0.700" in told.err
    assert "Warning: Labels of [one] class only." in told.err
    assert "100%" in told.err
    assert "step 8, loss 0.500, 2.50 Mvoxel/s, 1:05 left" in told.err


def test_predicting(capsys: pytest.CaptureFixture[str]):
    box = ((0, 1), (0, 1), (0, 1))
    with JobProgress("Predicting") as show:
        show(JobStarted(kind="predict", device="cpu", parameters=12))
        show(BlockPredicted(survey="cube", box=box, step=1, done=50, total=200))
    told = capsys.readouterr()
    assert told.out == ""
    assert "25%" in told.err
    assert "cube, " in told.err
    assert "voxel/s" in told.err
