"""A training that begins with the weights of another model."""

from __future__ import annotations

import json

import pytest
import torch

from napari_hyperseg.errors import ModelError
from napari_hyperseg.jobs.beginning import begin_training
from napari_hyperseg.jobs.events import JobFinished, JobWarned, StepFinished
from napari_hyperseg.jobs.inputs import open_surveys
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.learn.checkpoint import TRAINING
from napari_hyperseg.learn.model import load_model
from napari_hyperseg.learn.model_file import write_model_file

CPU = torch.device("cpu")


@pytest.fixture
def source(make_spec, run, tmp_path):
    """A trained model, in a folder of its own."""

    def train(**fields):
        spec = make_spec(model=tmp_path / "source", steps=12, store=False, **fields)
        run(spec)
        return spec.model

    return train


def begun(spec):
    return begin_training(spec, list(open_surveys(spec).values()), CPU)


def weights(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.net.parameters()])


def test_an_older_specification_begins_with_nothing(make_spec):
    said = json.loads(make_spec().model_dump_json())
    del said["begin_with"]
    assert JobSpec.model_validate_json(json.dumps(said)) == make_spec()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_the_weights_carry_over_and_the_rest_begins_anew(make_spec, source, tmp_path, kind):
    folder = source(prior=False)
    path = folder
    if kind == "file":
        path = tmp_path / "source.zip"
        write_model_file(path, folder, "", Legend.default(6))
    trainer = begun(make_spec(prior=False, begin_with=path))
    known = load_model(folder, CPU)
    assert torch.equal(weights(trainer.model), weights(known))
    assert torch.equal(weights(trainer.averaged), weights(known))
    assert (trainer.model.step, trainer.average.steps, trainer.descent.momentum) == (0, 0, {})
    assert trainer.warnings == []
    # What one of the same survey did not see, the next does not see either.
    assert trainer.model.sides == known.sides


def test_a_training_that_has_begun_goes_on_with_its_own_weights(make_spec, source, run, tmp_path):
    folder = source(prior=False)
    spec = make_spec(prior=False, begin_with=folder, steps=3)
    before = run(spec).of(StepFinished)
    assert [event.step for event in before] == [1, 2, 3]
    assert (spec.model / TRAINING).exists()
    for file in folder.iterdir():  # not needed any more
        if file.is_file():
            file.unlink()
    assert [event.step for event in run(spec).of(StepFinished)] == [4, 5, 6]


@pytest.mark.slow
def test_what_was_learnt_is_kept_and_its_share_chosen_anew(make_spec, source, run):
    folder = source()
    known = load_model(folder, CPU)
    spec = make_spec(begin_with=folder, steps=1)
    trainer = begun(spec)
    assert torch.equal(weights(trainer.model), weights(known))
    assert trainer.model.balance == 0
    (finished,) = run(spec).of(JobFinished)
    assert finished.tracked is not None  # held-out labels were asked
    assert finished.scores.mean_iou >= finished.tracked.mean_iou


@pytest.mark.slow
def test_a_model_of_a_training_without_tracked_boundaries_begins_one_with_them(
    make_spec, source, run
):
    spec = make_spec(begin_with=source(prior=False), steps=1)
    events = run(spec)
    assert not events.of(JobWarned)
    assert events.of(JobFinished)[0].tracked is not None


@pytest.mark.slow
def test_another_number_of_classes_is_told_and_trains(make_spec, source, run):
    spec = make_spec(begin_with=source(), n_classes=7, order=(1, 2, 3, 4, 5, 6, 7), steps=2)
    events = run(spec)
    assert any("Classes 1 to 6 begin" in event.message for event in events.of(JobWarned))
    assert load_model(spec.model, CPU).n_classes == 7


def test_a_file_that_is_gone_is_one_line(make_spec, tmp_path):
    with pytest.raises(ModelError, match="no such file"):
        begun(make_spec(begin_with=tmp_path / "gone.zip"))
