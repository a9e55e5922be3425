"""Jobs of a project: right paths, and no worker started for what cannot succeed."""

from __future__ import annotations

from pathlib import Path

import pytest

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.folder import Project


def finish_training(project: Project) -> str:
    model_id = project.new_model_id()
    (project.model_folder(model_id) / "weights.safetensors").touch()
    return model_id


def test_a_training_job_spells_out_every_path(labelled_project: Project, tiny_segy: Path):
    view = View(survey="tiny", axis=1, index=2)
    job = labelled_project.training_job(minutes=1, seed=3, live=True, view=view)
    (survey,) = job.surveys
    assert job.kind == "train"
    assert (job.seed, job.view, job.n_classes) == (3, view, 2)
    assert job.model.parent == labelled_project.folder / "models"
    assert survey.segy == tiny_segy
    assert survey.facies == labelled_project.labels_path("tiny")
    assert survey.prediction == labelled_project.prediction_path(job.model.name, "tiny")
    assert JobSpec.model_validate_json(job.model_dump_json()) == job


def test_jobs_know_the_order_of_the_classes(labelled_project: Project):
    labelled_project.legend = Legend.default(3).moved(3, -2)
    finish_training(labelled_project)
    assert labelled_project.training_job(steps=1).order == (3, 1, 2)
    assert labelled_project.prediction_job().order == (3, 1, 2)


def test_a_training_that_shows_nothing_writes_no_prediction(labelled_project: Project):
    assert labelled_project.training_job(steps=2).surveys[0].prediction is None


def test_each_training_is_a_new_model_unless_one_is_continued(labelled_project: Project):
    model_id = finish_training(labelled_project)
    assert labelled_project.training_job(steps=1).model.name != model_id
    assert labelled_project.training_job(model_id, steps=1).model.name == model_id
    with pytest.raises(ProjectError, match="There is no model"):
        labelled_project.training_job("20200101-000000", steps=1)


def test_training_needs_an_end(labelled_project: Project):
    with pytest.raises(ProjectError, match="minutes or steps"):
        labelled_project.training_job()


def test_training_needs_labels_of_two_classes(project: Project):
    with pytest.raises(ProjectError, match="there are 0"):
        project.training_job(steps=1)
    project.labels("tiny").codes[0, 0, 0] = 1
    with pytest.raises(ProjectError, match="there are 1"):
        project.training_job(steps=1)
    assert not (project.folder / "models").exists()


def test_labels_beyond_the_legend_are_refused(labelled_project: Project):
    labelled_project.labels("tiny").codes[0, 0, 0] = 3
    with pytest.raises(ProjectError, match="code 3"):
        labelled_project.training_job(steps=1)
    labelled_project.legend = Legend.default(3)
    assert labelled_project.training_job(steps=1).n_classes == 3


def test_a_prediction_takes_the_newest_model(labelled_project: Project):
    with pytest.raises(ProjectError, match="no trained model"):
        labelled_project.prediction_job()
    older, newer = finish_training(labelled_project), finish_training(labelled_project)
    assert labelled_project.prediction_job().model.name == newer
    job = labelled_project.prediction_job(older, "tiny", device="cpu")
    assert job.surveys[0].prediction == labelled_project.prediction_path(older, "tiny")
    with pytest.raises(ProjectError, match="no survey 'other'"):
        labelled_project.prediction_job(key="other")
