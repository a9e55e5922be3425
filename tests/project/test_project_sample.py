"""The project of the sample cube: made once, kept, and found again when the package moved."""

from dataclasses import replace
from pathlib import Path

import pytest

from napari_hyperseg.labels.lines import labelled_lines
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.sample_project import open_sample_project
from napari_hyperseg.survey.sample import SAMPLE_NAME, sample_files


@pytest.fixture
def sample(tmp_path: Path) -> Project:
    """The sample project, just made."""
    return open_sample_project(tmp_path / "sample.hyperseg")


def test_the_sparse_lines_are_labelled(sample: Project):
    files = sample_files()
    geometry = sample.open_survey(SAMPLE_NAME).geometry
    traces = sample.labels(SAMPLE_NAME).traces()
    inlines, crosslines = labelled_lines(traces, geometry.live_mask)
    assert [geometry.inlines[i] for i in inlines] == list(files.inlines)
    assert [geometry.crosslines[j] for j in crosslines] == list(files.crosslines)
    assert sample.legend.names == files.classes


def test_labels_are_kept(sample: Project):
    labels = sample.labels(SAMPLE_NAME)
    labels.codes[0, 0, 0] = 6
    labels.flush()
    again = open_sample_project(sample.folder)
    assert again.labels(SAMPLE_NAME).codes[0, 0, 0] == 6


def test_a_cube_that_moved_with_the_package_is_found_again(sample: Project, tmp_path: Path):
    entry = sample.entry()
    sample.surveys[entry.key] = replace(entry, path=tmp_path / "removed" / "cube.sgy")
    sample.save()
    again = open_sample_project(sample.folder)
    assert again.open_survey(SAMPLE_NAME).geometry.shape == entry.shape
    assert Project.open(sample.folder).entry().path == sample_files().segy
