"""Changing a project from outside a window: claimed, recorded, given back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.claim import ClaimedError
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.interpretations import close_interpretation, open_interpretation

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project


@contextmanager
def editing(project: Project, key: str, what: str) -> Iterator[Interpretation]:
    """Open a survey of a project to change it, for the length of a block.

    Parameters
    ----------
    project : Project
    key : str
        The survey.
    what : str
        Who changes it: the tool of an edit that nobody names, and what others are told.

    Raises
    ------
    ProjectError
        If another window or command may change the project.
    LabelError
        If the labels cannot be opened.
    """
    interpretation = open_interpretation(project, key, what)
    try:
        if interpretation.read_only:
            raise ClaimedError(project.folder, interpretation.read_only)
        if interpretation.project is not project:
            raise ProjectError(f"{project.folder.name} is open in this program already.")
        interpretation.tool_in_hand = lambda: (what, "")
        yield interpretation
    finally:
        close_interpretation(interpretation)
