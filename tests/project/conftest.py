"""A project folder of the tiny survey."""

from __future__ import annotations

from pathlib import Path

import pytest

from napari_hyperseg.project.folder import Project


@pytest.fixture
def project(tmp_path: Path, tiny_segy: Path) -> Project:
    """A project of the tiny survey, nothing labelled."""
    return Project.create(tmp_path / "tiny.hyperseg", [tiny_segy])


@pytest.fixture
def labelled_project(project: Project) -> Project:
    """Classes 1 and 2, above and below sample 10, on the third crossline."""
    codes = project.labels("tiny").codes
    codes[:, 2, :10] = 1
    codes[:, 2, 10:] = 2
    return project
