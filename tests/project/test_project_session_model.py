"""The session's effects on a real project and a real child process."""

import json
import sys
import threading
import time
from pathlib import Path

import pytest

from napari_hyperseg.errors import LabelError, ProjectError
from napari_hyperseg.jobs.events import LabelsRead
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.process import ProcessLauncher
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.request_transitions import NO_LABELS
from napari_hyperseg.project.session import Phase
from napari_hyperseg.project.session_model import SessionModel

TRAINER = Path(__file__).parents[1] / "viewer" / "scripted_trainer.py"


def wait_until(condition, timeout_s=30.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the awaited state did not come"
        time.sleep(0.01)


@pytest.fixture
def project(tiny_segy):
    return Project.create_beside(tiny_segy)


@pytest.fixture
def labelled(project):
    labels = project.labels("tiny")
    labels.codes[0, :, :10] = 1
    labels.codes[0, :, 10:] = 2
    return project


@pytest.fixture
def model():
    model = SessionModel(ProcessLauncher((sys.executable, "-P", str(TRAINER))))
    yield model
    model.close()
    if model.handle is not None:
        assert model.handle.wait(20)


def in_phase(model, phase):
    return lambda: model.session.phase is phase


@pytest.fixture
def training(model, labelled):
    model.open(labelled, "tiny")
    model.train(1.0)
    wait_until(lambda: model.session.progress.predicted == 1.0)
    return model


def test_opening_counts_the_labels(model, labelled):
    model.open(labelled, "tiny")
    wait_until(lambda: model.session.labelled is not None)
    assert dict(model.session.labelled) == {1: 50, 2: 50}


def test_training_runs_a_worker_to_its_end(training):
    session = training.session
    assert session.phase is Phase.TRAINING
    assert session.device == "cpu"
    assert session.steps
    assert session.last_scores.mean_iou == 0.7
    training.stop()
    wait_until(in_phase(training, Phase.READY))
    assert training.project.model_ids() == [session.model]


def test_pause_and_resume_reach_the_worker(training):
    training.toggle_pause()
    wait_until(in_phase(training, Phase.PAUSED))
    training.toggle_pause()
    wait_until(in_phase(training, Phase.TRAINING))


def test_training_goes_on_with_the_last_model(training):
    first = training.session.model
    training.stop()
    wait_until(in_phase(training, Phase.READY))
    training.train(1.0)
    wait_until(lambda: training.session.device == "cpu")
    assert training.session.model == first


def test_a_killed_worker_is_told_and_train_works_again(training):
    training.handle.kill()
    wait_until(in_phase(training, Phase.FAILED))
    assert "ended unexpectedly" in training.session.message
    training.train(1.0)
    wait_until(lambda: training.session.progress.predicted == 1.0)
    assert training.session.phase is Phase.TRAINING


def test_predict_runs_a_worker_on_the_saved_model(training):
    trained = training.session.model
    training.stop()
    wait_until(in_phase(training, Phase.READY))
    jobs = []
    training.launched.connect(jobs.append)
    training.look_at(View(survey="tiny", axis=1, index=2))
    training.predict()
    assert training.session.phase is Phase.PREDICTING
    wait_until(lambda: training.session.progress.fraction == 1.0)
    assert (jobs[0].kind, jobs[0].model.name) == ("predict", trained)
    assert jobs[0].view.index == 2
    training.toggle_pause()
    wait_until(in_phase(training, Phase.PAUSED))
    training.toggle_pause()
    wait_until(in_phase(training, Phase.PREDICTING))
    training.stop()
    wait_until(in_phase(training, Phase.READY))
    assert training.session.model == trained


def test_a_project_that_is_only_read_is_looked_at_and_left_as_it_is(model, labelled):
    def files():
        return {p: p.stat().st_mtime_ns for p in labelled.folder.rglob("*") if p.is_file()}

    before = files()
    labelled.read_only = "open in another window"
    model.open(labelled, "tiny")
    wait_until(lambda: model.session.labelled is not None)
    assert dict(model.session.labelled) == {1: 50, 2: 50}
    assert model.session.read_only == "open in another window"
    model.train(1.0)
    model.predict()
    assert model.session.phase is Phase.READY
    assert model.handle is None
    with pytest.raises(ProjectError, match="can only be read: it is open in another window"):
        labelled.save()
    with pytest.raises(ValueError, match="read-only"):
        labelled.labels("tiny").codes[0, 0, 0] = 1
    assert files() == before


def test_a_project_that_is_only_read_gets_no_file_of_labels(model, project):
    project.read_only = "open in another window"
    model.open(project, "tiny")
    wait_until(lambda: model.session.labelled is not None)
    assert model.session.labelled == ()
    with pytest.raises(LabelError, match="has no labels"):
        project.labels("tiny")
    assert not project.labels_path("tiny").exists()


def test_labels_are_on_disk_before_the_worker_hears_of_them(training):
    heard = threading.Event()
    training.reported.connect(lambda event: isinstance(event, LabelsRead) and heard.set())
    training.project.labels("tiny").codes[3, 3, 3] = 2
    training.labels_changed("tiny")
    assert heard.wait(20)
    assert dict(training.session.labelled)[2] == 51


def test_what_is_pressed_before_the_worker_runs_still_reaches_it(model, labelled):
    model.open(labelled, "tiny")
    model.train(1.0)
    model.stop()
    wait_until(in_phase(model, Phase.READY))


def test_without_labels_no_worker_starts(model, project):
    model.open(project, "tiny")
    wait_until(lambda: model.session.labelled is not None)
    model.train(1.0)
    assert model.session.message == NO_LABELS
    assert model.handle is None


def test_a_job_that_cannot_be_built_is_a_failure_to_read(model, labelled):
    model.open(labelled, "tiny")
    labelled.labels("tiny").codes[0, 0, 0] = 9
    model.train(1.0)
    wait_until(in_phase(model, Phase.FAILED))
    assert "Add classes to the legend" in model.session.message


def test_a_project_without_surveys_on_disk_is_a_failure_to_read(model, labelled):
    model.open(labelled, "tiny")
    wait_until(lambda: model.session.labelled is not None)
    labelled.labels_path("tiny").write_bytes(b"no array")
    model.train(1.0)
    wait_until(in_phase(model, Phase.FAILED))
    assert "\n" not in model.session.message


def test_closing_the_project_lets_the_worker_end(training):
    handle = training.handle
    training.close()
    assert training.session.phase is Phase.EMPTY
    assert handle.wait(20)
    assert training.session.phase is Phase.EMPTY


def test_looking_elsewhere_is_told_once(training):
    view = View(survey="tiny", axis=1, index=2)
    training.look_at(view)
    first = training.session
    training.look_at(view)
    assert first.view == view
    assert training.session is first


@pytest.mark.parametrize(("known", "continued"), [(2, True), (5, False), (None, False)])
def test_a_reopened_project_goes_on_with_a_model_of_its_classes(model, labelled, known, continued):
    last = labelled.new_model_id()
    folder = labelled.model_folder(last)
    (folder / "weights.safetensors").write_bytes(b"")
    (folder / "model.json").write_text(json.dumps({"network": {"n_classes": known}}))
    model.open(labelled, "tiny")
    assert model.session.model == last
    assert model.session.continues == (last if continued else None)


def test_a_new_class_trains_a_new_model(training):
    first = training.session.model
    training.stop()
    wait_until(in_phase(training, Phase.READY))
    training.project.legend = training.project.legend.with_class()
    training.legend_changed()
    training.train(1.0)
    wait_until(lambda: training.session.device == "cpu")
    assert training.session.model != first
    assert training.session.continues == training.session.model
