"""The project beside a file, and reading a file of a project in another way."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.segy import exploring
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.segy.reading import Reading

SWAPPED = Reading((193, 189))


@pytest.fixture
def swapped(tiny_segy: Path):
    """The tiny survey, inlines and crosslines exchanged."""
    return open_survey(tiny_segy, SWAPPED)


def test_the_project_beside_a_file_is_found(tiny_segy: Path):
    assert Project.beside(tiny_segy) is None
    Project.create(tiny_segy.with_suffix(".hyperseg"), [tiny_segy], [SWAPPED])
    project = Project.beside(str(tiny_segy))
    assert project is not None
    assert project.key_of(tiny_segy) == "tiny"
    assert project.open_survey("tiny").source.reading.lines == SWAPPED.lines


def test_a_project_of_another_file_is_not_beside(tiny_segy: Path, tmp_path: Path):
    other = tmp_path / "elsewhere" / "other.sgy"
    other.parent.mkdir()
    shutil.copyfile(tiny_segy, other)
    Project.create(tiny_segy.with_suffix(".hyperseg"), [other])
    assert Project.beside(tiny_segy) is None


def test_a_survey_that_is_read_otherwise_does_not_get_the_labels(project: Project, tiny_segy: Path):
    with pytest.raises(ProjectError, match="changed since it was added"):
        Project.create_beside(tiny_segy, open_survey(tiny_segy, SWAPPED))


def test_rereading_replaces_entry_index_and_labels(project: Project, swapped):
    project.labels("tiny").flush()
    store = project.kept("tiny").volume
    store.mkdir(parents=True)
    project.reread("tiny", swapped)
    assert not store.exists()
    again = Project.open(project.folder)
    assert again.entry().shape == (5, 6, 20)
    assert again.entry().reading == swapped.source.reading
    assert again.labels("tiny").shape == (5, 6, 20)
    assert np.array_equal(again.open_survey("tiny").volume[:], swapped.volume[:])


def test_the_new_index_is_kept(project: Project, swapped, monkeypatch):
    project.reread("tiny", swapped)
    monkeypatch.setattr(exploring, "TraceHeaders", None)
    assert project.open_survey("tiny").geometry.shape == (5, 6, 20)


def test_labels_forbid_another_reading(labelled_project: Project, swapped):
    before = labelled_project.entry()
    with pytest.raises(ProjectError, match=r"carries labels.*hyperseg init NEW"):
        labelled_project.reread("tiny", swapped)
    assert Project.open(labelled_project.folder).entry() == before
    assert labelled_project.labels("tiny").counts() == {1: 60, 2: 60}


def test_labels_that_were_erased_do_not(labelled_project: Project, swapped):
    labelled_project.labels("tiny").codes[:] = 0
    labelled_project.reread("tiny", swapped)
    assert labelled_project.labels("tiny").counts() == {}


def test_a_prediction_forbids_another_reading(project: Project, swapped, write_prediction):
    write_prediction(np.ones((6, 5, 20), np.uint8), 2)
    with pytest.raises(ProjectError, match="carries a prediction"):
        project.reread("tiny", swapped)


def test_another_file_cannot_take_the_place(project: Project, tiny_segy: Path, tmp_path: Path):
    other = tmp_path / "elsewhere" / "tiny.sgy"
    other.parent.mkdir()
    shutil.copyfile(tiny_segy, other)
    with pytest.raises(ProjectError, match="is not the file of survey tiny"):
        project.reread("tiny", open_survey(other, SWAPPED))


def test_a_project_that_cannot_be_written_stays_as_it_was(project: Project, swapped, monkeypatch):
    before = project.entry()

    def refuse() -> None:
        raise ProjectError("no room")

    monkeypatch.setattr(project, "save", refuse)
    with pytest.raises(ProjectError, match="no room"):
        project.reread("tiny", swapped)
    assert project.entry() == before
    assert Project.open(project.folder).open_survey("tiny").geometry.shape == (6, 5, 20)
