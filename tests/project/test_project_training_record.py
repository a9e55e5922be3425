"""A training's own record: read once, read on while it grows, and as earlier versions wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from napari_hyperseg.jobs.events import JobStarted, Scores, StepFinished, ValidationFinished
from napari_hyperseg.project.session import LONGEST_HISTORY
from napari_hyperseg.project.training_record import RecordReader, TrainingRecord, has_scores

SCORES = Scores(pixel_accuracy=0.9, class_accuracy=0.8, mean_iou=0.7, fw_iou=0.85, voxels=9)


def step(number: int, elapsed_s: float = 1.0) -> StepFinished:
    return StepFinished(
        step=number, loss=1 / number, accuracy=0.5, voxels_per_second=1.0, elapsed_s=elapsed_s
    )


def scored(number: int, elapsed_s: float = 1.0) -> ValidationFinished:
    return ValidationFinished(step=number, elapsed_s=elapsed_s, scores=SCORES)


def add(path: Path, *events, end: str = "\n") -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(event.model_dump_json() for event in events) + end)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.jsonl"


def test_a_training_without_a_file_has_no_record(path: Path):
    assert RecordReader(path).read() == TrainingRecord()
    assert not has_scores(path)


def test_time_adds_up_over_runs(path: Path):
    start = JobStarted(kind="train", device="cuda:0", parameters=1)
    add(path, start, step(1, 4.0), scored(1, 6.0), start, step(2, 1.0), step(3, 5.0))
    record = RecordReader(path).read()
    assert (record.step, record.seconds, record.device) == (3, 11.0, "cuda:0")
    assert (record.last_scores, record.scored_step) == (SCORES, 1)
    assert [point.step for point in record.steps] == [1, 2, 3]
    assert record.scores[0].mean_iou == 0.7
    assert has_scores(path)


def test_what_is_added_is_read_on_and_half_a_line_waits(path: Path):
    reader = RecordReader(path)
    add(path, step(1))
    assert reader.read().step == 1
    add(path, step(2), end="")
    assert reader.read().step == 1
    add(path, end="\n")
    assert reader.read().step == 2
    assert not has_scores(path)


def test_older_weights_overwrite_the_tail(path: Path):
    add(path, step(1), step(2), step(3), step(2))
    assert [point.step for point in RecordReader(path).read().steps] == [1, 2]


def test_lines_that_are_none_are_passed_over(path: Path):
    path.write_bytes(b'\xff\xfe{"event": 3}\n[]\nstep 1\n')
    add(path, step(4))
    path.write_bytes(path.read_bytes() + b'{"event": "job_paused", "now": true}\n')
    assert RecordReader(path).read().step == 4


def test_a_file_that_was_replaced_is_read_anew(path: Path):
    reader = RecordReader(path)
    add(path, step(1), step(2), step(3))
    reader.read()
    path.unlink()
    add(path, step(7))
    assert [point.step for point in reader.read().steps] == [7]


def test_long_curves_are_thinned_but_keep_both_ends(path: Path):
    add(path, *[step(n) for n in range(1, 3 * LONGEST_HISTORY)])
    steps = RecordReader(path).read().steps
    assert len(steps) <= LONGEST_HISTORY
    assert (steps[0].step, steps[-1].step) == (1, 3 * LONGEST_HISTORY - 1)
