"""Where a project is shared with machines that do not see its folder, if it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_hyperseg.jobs.survey_input import SharedInput
from napari_hyperseg.survey.shared.folder import SharedFolder

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

SETTING = "shared"


def shared_folder(project: Project) -> SharedFolder | None:
    """Return where a project is shared; None: nowhere.

    Raises
    ------
    SharedFolderError
        If what the project says is no folder, or holds a password.
    """
    said = project.settings.get(SETTING)
    return SharedFolder.parse(said) if isinstance(said, str) and said else None


def remember_shared(project: Project, folder: SharedFolder | None) -> None:
    """Let jobs on clusters use a shared folder from now on; None: what is here.

    Raises
    ------
    ProjectError
        If the project cannot be written.
    """
    project.remember(SETTING, None if folder is None else folder.url)


def shared_input(project: Project, key: str) -> SharedInput | None:
    """Name what is shared of a survey, for a job; None: nothing.

    Raises
    ------
    SharedFolderError
        If what the project says is no folder.
    """
    folder = shared_folder(project)
    if folder is None:
        return None
    return SharedInput(folder=folder.url, fingerprint=project.entry(key).fingerprint)
