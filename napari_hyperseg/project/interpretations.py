"""The interpretations that this process has open: shared by whoever shows them.

Owns that a survey is opened once in a process, that its project is one object, and that the
right to change it (`claim`) is held while anybody has it open.
"""

from __future__ import annotations

from pathlib import Path

from napari_hyperseg.project.claim import Claim, ClaimedError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretation import Interpretation


class Interpretations:
    """The surveys of one project that are open.

    Parameters
    ----------
    project : Project
    what : str
        Who opens it, for the message that others get meanwhile.

    Attributes
    ----------
    read_only : str
        Why the project cannot be changed; empty where it can.
    """

    def __init__(self, project: Project, what: str) -> None:
        self.project = project
        self._open: dict[str, tuple[Interpretation, int]] = {}
        self._claim: Claim | None = None
        try:
            self._claim = Claim(project.folder, what)
        except ClaimedError as error:
            project.read_only = error.reason

    def open(self, key: str) -> Interpretation:
        """Return the interpretation of a survey; each must be closed by who opened it."""
        key = self.project.entry(key).key
        interpretation, holders = self._open.get(key, (None, 0))
        interpretation = interpretation or Interpretation(self.project, key)
        self._open[key] = interpretation, holders + 1
        return interpretation

    def close(self, key: str) -> bool:
        """Let go of a survey; True where nobody has any survey of the project any more."""
        interpretation, holders = self._open.pop(key)
        if holders > 1:
            self._open[key] = interpretation, holders - 1
        else:
            interpretation.close()
        if not self._open and self._claim is not None:
            self._claim.release()
        return not self._open


_PROJECTS: dict[Path, Interpretations] = {}


def open_interpretation(project: Project, key: str, what: str = "a window") -> Interpretation:
    """Open a survey of a project, or share it with who in this process has it open.

    Parameters
    ----------
    project : Project
        The interpretation's own is another one where the project is open already.
    key : str
    what : str
        Who opens it.

    Raises
    ------
    LabelError
        If the labels cannot be opened.
    """
    shared = _PROJECTS.get(project.folder)
    if shared is None:
        shared = _PROJECTS[project.folder] = Interpretations(project, what)
    return shared.open(key)


def close_interpretation(interpretation: Interpretation) -> None:
    """Let go of a survey that `open_interpretation` opened; the last one closes it."""
    folder = interpretation.project.folder
    shared = _PROJECTS.get(folder)
    if shared is not None and shared.close(interpretation.key):
        del _PROJECTS[folder]
