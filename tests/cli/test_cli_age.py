"""A prediction that is older than the labels is said to be, wherever it is used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.sample import SampleFiles

OLDER = "60% of the prediction of cube is older than its labels"
MODEL = "20260101-120000"


@pytest.fixture
def labelled_since(run, project: Path, cube: SampleFiles) -> Path:
    """The project with a prediction of which three fifths are older than its labels."""
    answer = run("label", project, "--facies", cube.facies, "--inlines", "1003")
    assert answer.status == 0, answer.stderr
    path = Project.open(project).prediction_path(MODEL, "cube")
    store = PredictionStore.open_or_create(path, (12, 16, 40), 6)
    for span, revision in (((0, 40), 0), ((24, 40), 1)):
        codes = np.load(cube.facies)[..., slice(*span)]
        box = ((0, 12), (0, 16), span)
        store.write(box, codes, np.full_like(codes, 75), origin=Origin(9, revision))
    return project


def test_an_export_of_it_warns(run, labelled_since: Path, tmp_path: Path):
    for wanted in (("--facies", tmp_path / "f.sgy"), ("--horizons", tmp_path / "horizons")):
        answer = run("export", labelled_since, *wanted)
        assert answer.status == 0
        assert answer.stderr.startswith(f"Warning: {OLDER}")
    answer = run("export", labelled_since, "--amplitude", tmp_path / "a.sgy")
    assert (answer.status, answer.stderr) == (0, "")


def test_an_up_to_date_one_does_not(run, predicted: Path, tmp_path: Path):
    answer = run("export", predicted, "--facies", tmp_path / "f.sgy")
    assert (answer.status, answer.stderr) == (0, "")


@pytest.mark.slow
def test_a_model_that_does_not_know_the_labels_predicts_with_a_warning(
    run, project: Path, cube: SampleFiles
):
    def label(inline: int) -> None:
        assert run("label", project, "--facies", cube.facies, "--inlines", inline).status == 0

    label(1003)
    assert run("train", project, "--steps", 1, "--device", "cpu").status == 0
    answer = run("predict", project, "--device", "cpu")
    assert answer.status == 0
    assert "older than its labels" not in answer.stderr
    label(1009)
    answer = run("predict", project, "--device", "cpu")
    assert answer.status == 0
    assert "Warning: all of the prediction of cube is older than its labels" in answer.stderr
