"""What a prediction's confidence says of where to label next."""

from __future__ import annotations

import numpy as np
import pytest
import zarr

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.next_line import expected_errors, find_next_lines
from napari_hyperseg.survey.survey import Survey

SHAPE = (6, 5, 20)


def confidence_of(path) -> zarr.Array:
    return zarr.open_group(path, mode="r+")["confidence"]


def test_errors_are_expected_where_confidence_is_low():
    facies, confidence = np.ones(SHAPE, np.uint8), np.full(SHAPE, 90, np.uint8)
    facies[2] = 0
    facies[3, 0, :10] = 0  # what is not predicted is as its trace is
    confidence[0, 1] = 50
    errors = expected_errors(facies, confidence)
    assert np.isnan(errors[2]).all()
    assert errors[0, 1] == pytest.approx(10)
    assert errors[0, 0] == errors[3, 0] == pytest.approx(2)


def test_the_doubtful_line_is_named(labelled_project: Project, survey: Survey, write_prediction):
    path = write_prediction(np.ones(SHAPE, np.uint8), 2)
    confidence_of(path)[:, 0] = 40
    found = find_next_lines(labelled_project, "tiny", survey.geometry, count=2)
    assert found[0].place == (1, 0)
    assert len(found) == 2


def test_unpredicted_traces_count_as_the_others(project: Project, survey: Survey, write_prediction):
    codes = np.ones(SHAPE, np.uint8)
    codes[:3] = 0
    write_prediction(codes, 2)
    assert find_next_lines(project, "tiny", survey.geometry, count=1)


def test_it_ends_when_nobody_wants_it(project: Project, survey: Survey, write_prediction):
    write_prediction(np.ones(SHAPE, np.uint8), 2)
    assert find_next_lines(project, "tiny", survey.geometry, unwanted=lambda: True) == ()


@pytest.mark.parametrize("empty", [False, True])
def test_without_a_prediction_it_says_what_to_do(
    project: Project, survey: Survey, write_prediction, empty
):
    if empty:
        write_prediction(np.zeros(SHAPE, np.uint8), 2)
    with pytest.raises(ProjectError, match="predict"):
        find_next_lines(project, "tiny", survey.geometry)
    assert not project.labels_path("tiny").exists()
