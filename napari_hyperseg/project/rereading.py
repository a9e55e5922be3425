"""Reading a survey of a project in another way, as long as nothing depends on how it is read.

Labels, predictions and horizons are kept by position in the cube: of another cube they would
lie elsewhere.  So they forbid another reading; index and converted volume are made again.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.entries import SurveyEntry
from napari_hyperseg.project.predictions import prediction_models
from napari_hyperseg.survey.segy.index_file import save_index

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.survey import Survey


def check_rereadable(project: Project, key: str) -> None:
    """Refuse another reading of a survey that something depends on.

    Raises
    ------
    ProjectError
        If the survey carries labels, a prediction, horizons or volumes: one line that says what
        to do.
    """
    labelled = project.labels_path(key).exists() and project.labels(key, writable=False).counts()
    entry = project.entry(key)
    carried = (
        "labels" if labelled
        else "a prediction" if prediction_models(project, key)
        else "horizons" if entry.horizons
        else "other volumes" if entry.volumes
        else ""
    )  # fmt: skip
    if carried:
        file = entry.path.name
        raise ProjectError(
            f"{key} carries {carried}, which would no longer fit. To read {file} in another way, "
            f"make a new project: hyperseg init NEW.hyperseg {file}, with --iline, --xline and so "
            "on."
        )


def reread(project: Project, key: str, survey: Survey) -> None:
    """Put the same file, read in another way, in the place of a survey of a project.

    Parameters
    ----------
    project : Project
        Saved, on success.
    key : str
    survey : Survey
        The file as it is read from now on.

    Raises
    ------
    ProjectError
        If the survey carries labels or a prediction, is of another file, or the folder cannot
        be written.
    """
    entry = project.entry(key)
    check_rereadable(project, key)
    new = SurveyEntry.of(survey)
    if (new.key, new.path, new.fingerprint) != (key, entry.path, entry.fingerprint):
        raise ProjectError(f"{survey.source.path} is not the file of survey {key}.")
    kept = project.kept(key)
    try:  # empty, or made again at need: whatever happens between here and the end, nothing is lost
        kept.index.unlink(missing_ok=True)
        for folder in (project.labels_path(key).parent, kept.volume):
            if folder.is_dir():
                shutil.rmtree(folder)
    except OSError as error:
        raise ProjectError(f"{error.filename} cannot be replaced: {error.strerror}.") from error
    project.put(new)
    save_index(kept.index, survey.source.fingerprint, survey.source.index)
