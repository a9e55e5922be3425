"""Other volumes on the lines of a survey: attributes, angle stacks, another vintage.

They are looked at beside the survey's amplitudes; labels and models are the survey's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.entries import SurveyEntry, VolumeEntry
from napari_hyperseg.survey.segy.opening import open_survey

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.survey import Survey


def add_volume(project: Project, key: str, volume: Survey) -> VolumeEntry:
    """Keep another volume with a survey, and save the project.

    Parameters
    ----------
    project : Project
    key : str
        The survey on whose lines it lies.
    volume : Survey
        The volume, open.

    Raises
    ------
    ProjectError
        If the survey has a volume of that name already, or the project cannot be written.
    """
    entry = project.entry(key)
    described = SurveyEntry.of(volume)
    if described.key in {key, *(known.name for known in entry.volumes)}:
        raise ProjectError(
            f"{key} has a volume called {described.key} already; volumes are told apart by the "
            "names of their files. Rename the file."
        )
    new = VolumeEntry(
        described.key, described.path, described.fingerprint, described.reading, described.clip
    )
    project.put(replace(entry, volumes=(*entry.volumes, new)))
    return new


def open_volume(project: Project, key: str, volume: VolumeEntry) -> Survey:
    """Open another volume of a survey, making sure that it still lies on its lines.

    Raises
    ------
    ProjectError
        If its file is missing or changed.
    SurveyError
        If the file cannot be read.
    """
    entry = project.entry(key)
    if not volume.path.exists():
        raise ProjectError(f"{volume.path}, a volume of {key}, is missing. Put it back.")
    opened = open_survey(volume.path, volume.reading, kept=project.kept(key, volume.name))
    if opened.source.fingerprint != volume.fingerprint or opened.geometry.shape != entry.shape:
        raise ProjectError(
            f"{volume.path}, a volume of {key}, changed since it was added. Put the old file back."
        )
    return opened
