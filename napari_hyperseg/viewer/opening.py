"""How the reader gets at surveys: at once, where there is no window.

Owns what is done with a SEG-Y file: the project beside it, if there is one, says how it is read.
A window has an opener of its own, which keeps it alive meanwhile and asks what it has to.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from napari.utils.notifications import show_warning

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.segy.exploring import SegyExplorer
from napari_hyperseg.survey.segy.trace_headers import Progress
from napari_hyperseg.survey.segy.wording import question_text
from napari_hyperseg.survey.survey import Survey


class Opened(NamedTuple):
    """A survey, the amplitude at which its display saturates, and the folder of its project."""

    survey: Survey
    clip: float
    project: Path | None = None

    @classmethod
    def of(cls, survey: Survey) -> Opened:
        """Measure a survey that has no project."""
        return cls(survey, survey.clip())


class Opener(Protocol):
    """Opens surveys; None if the user wants it no more."""

    def of_project(self, project: Project, key: str) -> Survey | None:
        """Open a survey of a project."""

    def of_file(self, path: Path) -> Opened | None:
        """Open a SEG-Y file."""


class AtOnce:
    """Opens surveys in this thread, and asks nothing."""

    def of_project(self, project: Project, key: str) -> Survey:
        """Open a survey of a project."""
        return project.open_survey(key)

    def of_file(self, path: Path) -> Opened:
        """Open a SEG-Y file.

        Raises
        ------
        SurveyError
            If it cannot be read, or something is to be chosen before.
        """
        try:
            opened = opened_beside(path)
        except ProjectError as error:
            without_project(error)
            opened = None
        return opened or Opened.of(_survey(path))


def _survey(path: Path) -> Survey:
    """Open a file, saying so where another way to read it is as good."""
    explorer = SegyExplorer(path)
    survey = explorer.open()
    if question := question_text(explorer.look()):
        show_warning(f"{path.name}: {question} The first is taken.")
    return survey


def without_project(error: ProjectError) -> None:
    """Say why a file is opened as if no project were beside it."""
    show_warning(f"{error} The file is opened without its project.")


def opened_beside(path: Path, progress: Progress | None = None) -> Opened | None:
    """Open a file as the project beside it says; None if there is no such project.

    Raises
    ------
    ProjectError
        If there is one and it cannot be opened, or the file changed since it was made.
    SurveyError
        If the file cannot be read any more.
    """
    path = path.expanduser().absolute()
    project = Project.beside(path)
    key = project.key_of(path) if project is not None else None
    if project is None or key is None:
        return None
    survey = project.open_survey(key, progress)
    return Opened(survey, project.entry(key).clip, project.folder)
