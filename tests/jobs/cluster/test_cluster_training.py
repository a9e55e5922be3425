"""Training on a worker of a real cluster, which is as if it were here."""

from __future__ import annotations

import pytest
from safetensors.numpy import load_file

from napari_hyperseg.errors import JobError, LabelError
from napari_hyperseg.jobs.commands import PauseJob, ResumeJob, StopJob, UseChangedLabels
from napari_hyperseg.jobs.events import (
    METRICS,
    CheckpointSaved,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    LabelsRead,
    StepFinished,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
STEPS = 3


@pytest.fixture
def there(make_spec, cluster):
    """A function that specifies a training on the cluster."""

    def make(**fields):
        given = {"cluster": cluster.input, **fields}
        return make_spec(store=False, prior=False, **given)

    return make


def weights(folder):
    return {name: load_file(folder / f"{name}.safetensors") for name in ("weights", "training")}


def test_the_model_is_what_would_have_been_trained_here(there, run, tmp_path):
    events = run(there(steps=STEPS))
    assert isinstance(events[0], JobStarted)
    assert events[0].device == "cpu of 127.0.0.1"
    assert isinstance(events[-1], JobFinished)
    assert (events[-1].reason, events[-1].steps) == ("done", STEPS)
    assert [event.step for event in events.of(StepFinished)] == [1, 2, 3]
    assert events.of(CheckpointSaved)
    found = weights(tmp_path / "model")
    spec = there(steps=STEPS)
    run(spec.model_copy(update={"cluster": None, "model": tmp_path / "here"}))
    expected = weights(tmp_path / "here")
    for name, tensors in expected.items():
        assert tensors.keys() == found[name].keys()
        for key, values in tensors.items():
            assert found[name][key] == pytest.approx(values, abs=1e-6), (name, key)


def test_it_goes_on_where_a_stop_left_it(there, run, events, tmp_path):
    run(there(minutes=5), (events.after(StepFinished, 2), StopJob()))
    assert events[-1].reason == "stopped"
    done = events[-1].steps
    assert done >= 2
    run(there(steps=1))
    assert events[-1].steps == done + 1
    told = (tmp_path / "model" / METRICS).read_text().count("step_finished")
    assert told == done + 1


def test_pause_and_resume_are_obeyed(there, run, events):
    run(
        there(minutes=5),
        (events.after(StepFinished), PauseJob()),
        (events.after(JobPaused), ResumeJob()),
        (events.after(JobResumed), StopJob()),
    )
    assert len(events.of(JobPaused)) == len(events.of(JobResumed)) == 1


def test_labels_that_change_take_part(there, run, events, labels):
    def paint_after_a_step():
        if not events.of(StepFinished):
            return False
        labels.codes[60] = 1
        return True

    run(
        there(minutes=5),
        (paint_after_a_step, UseChangedLabels(survey="cube", revision=7)),
        (events.after(LabelsRead), StopJob()),
    )
    before = events.of(JobStarted)[0].labelled_voxels
    (read,) = events.of(LabelsRead)
    assert read.survey == "cube"
    assert read.labelled_voxels > before


def test_a_worker_that_is_killed_ends_it_with_a_checkpoint(there, run, events, mortal):
    def kill_after_a_checkpoint():
        if not events.of(CheckpointSaved):
            return False
        for worker in mortal.workers():
            worker.kill()
        return True

    with pytest.raises(JobError, match=r"Worker tls://.* is gone.*train again to go on"):
        run(there(minutes=5, cluster=mortal.input), (kill_after_a_checkpoint, ResumeJob()))
    saved = events.of(CheckpointSaved)[-1].step
    run(there(steps=1))
    assert events[-1].steps >= saved + 1


def test_what_cannot_be_trained_is_refused_as_here(there, run, labels):
    labels.codes[:] = 0
    with pytest.raises((JobError, LabelError), match="classes are labelled"):
        run(there(steps=1))
