"""What a new model can begin with: a model of the project, or an exported file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.learn.model_file import read_model_file
from napari_hyperseg.project.models import listed

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project


@dataclass(frozen=True)
class Beginning:
    """Weights to begin with.

    Parameters
    ----------
    path : Path
        Folder of a model, or an exported file.
    title : str
        What it is called, for whoever asks later.
    """

    path: Path
    title: str


def find_beginning(project: Project, wanted: str) -> Beginning:
    """Return the model of this ID or name, or else the file of this path.

    Raises
    ------
    ProjectError
        If there is neither.
    ModelError
        If the file is no exported model.
    """
    ids, names = project.model_ids(), project.model_names()
    path = Path(wanted).expanduser().absolute()
    try:
        model = project.find_model(wanted)
    except ProjectError as error:
        if path.is_file():
            read_model_file(path)
            return Beginning(path, f"file {path.name}")
        there = f"there are {listed(ids, names)}" if ids else "the project has none yet"
        raise ProjectError(
            f"There is no model and no file {wanted!r} to begin with; of models {there}."
        ) from error
    return Beginning(project.model_folder(model), names.get(model, model))
