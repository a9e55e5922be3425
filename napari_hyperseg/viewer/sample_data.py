"""File > Open Sample: the sample cube with labels on a few of its lines."""

from __future__ import annotations

from napari_hyperseg.project.sample_project import open_sample_project
from napari_hyperseg.viewer.layers import LayerTuple
from napari_hyperseg.viewer.reader import read


def sample_cube() -> list[LayerTuple]:
    """Return the layers of the sample project, which is made on first use.

    Raises
    ------
    ProjectError, SurveyError
        If it cannot be made or opened.
    """
    return read(str(open_sample_project().folder))
