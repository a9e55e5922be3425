"""Edits of the legend: they are undone like strokes, and the project keeps them."""

from __future__ import annotations

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.noted import LEGEND


def set_legend(interpretation: Interpretation, legend: Legend) -> None:
    """Take another legend, as an edit of the survey that is open.

    Raises
    ------
    ProjectError
        If the project may not, or cannot, be written; the legend stays as it was.
    """
    project = interpretation.project

    def change() -> None:
        before, project.legend = project.legend, legend
        try:
            project.save()
        except ProjectError:
            project.legend = before
            raise

    with interpretation.edit("Legend"):
        interpretation.note(LEGEND, change)
