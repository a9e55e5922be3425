"""Handing models on: a model into a file, a file into a project, a model out of it.

Owns that nothing is in a project before all of it was checked, and that what is interrupted
leaves no half of a model.  Loading is tried in another process.
"""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from napari_hyperseg.errors import ModelError, ProjectError
from napari_hyperseg.jobs.events import METRICS
from napari_hyperseg.jobs.in_training import is_in_training
from napari_hyperseg.jobs.model_checking import check_model
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.learn.model_file import LEGEND, read_model_file, write_model_file
from napari_hyperseg.project.model_card import trained_classes
from napari_hyperseg.project.model_names import (
    Naming,
    check_name,
    free_name,
    read_naming,
    write_naming,
)
from napari_hyperseg.project.models import MODEL_ID
from napari_hyperseg.project.own_legend import read_legend, write_legend
from napari_hyperseg.survey.replacing import replacing_folder

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

logger = logging.getLogger(__name__)

_LEFT = re.compile(rf"\.{MODEL_ID}\.(\d+\.partial|\d+\.former|going)")


def export_model(project: Project, wanted: str | None, path: Path) -> Path:
    """Write a model into one file, without what belongs to its surveys.

    Parameters
    ----------
    project : Project
    wanted : str or None
        Its ID or name; None: the newest.
    path : Path
        Replaced as a whole.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ProjectError
        If there is no such model, or the file would lie among the project's models.
    ModelError
        If it cannot be read or written.
    """
    model = project.find_model(wanted)
    folder, path = project.model_folder(model), path.expanduser().absolute()
    if path.is_dir() or path.parent.resolve().is_relative_to(project.models_folder.resolve()):
        raise ProjectError(f"{path}: give a file outside the project's models.")
    if not path.parent.is_dir():
        raise ProjectError(f"{path.parent} is no folder. Choose another place for the file.")
    write_model_file(path, folder, read_naming(folder).name, _legend(project, folder))
    return path


def import_model(
    project: Project,
    path: Path,
    name: str | None = None,
    check: Callable[[Path], None] = check_model,
) -> str:
    """Take a file's model into a project; the project is as it was until all is checked.

    Parameters
    ----------
    project : Project
    path : Path
    name : str, optional
        What it is called here; by default as in the file, numbered if that is taken.
    check : callable
        Told the folder of the model; raises a ModelError if it cannot be loaded.

    Returns
    -------
    str
        Its ID; it is the newest from now on.

    Raises
    ------
    ModelError
        If the file is no model that can be used.
    ProjectError
        If the name cannot be given, or the project not be written.
    """
    path, taken = path.expanduser().absolute(), project.model_names().values()
    called = check_name(name, taken) if name else None
    read_model_file(path)
    remove_leftovers(project.models_folder)
    with _reserved(project) as (model, folder):
        found = read_model_file(path, folder)
        _try(check, folder, path)
        title = free_name(found.name, taken) if called is None else called
        write_naming(folder, Naming(title, f"file {path.name}"))
        write_legend(folder / LEGEND, found.legend)
    return model


def delete_model(project: Project, wanted: str) -> str:
    """Remove a model and its predictions; return its ID.

    Raises
    ------
    ProjectError
        If there is no such model, it is being trained, or it cannot be removed.
    """
    model = project.find_model(wanted)
    folder = project.model_folder(model)
    if is_in_training(folder):
        raise ProjectError(f"Model {model} is being trained. Stop the training first.")
    going = folder.with_name(f".{model}.going")
    try:
        folder.rename(going)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be removed: {error.strerror}.") from error
    remove_leftovers(project.models_folder)
    shutil.rmtree(project.predictions_folder / model, ignore_errors=True)
    return model


def remove_leftovers(models: Path) -> None:
    """Remove what interrupted imports and removals left."""
    for path in models.iterdir() if models.is_dir() else ():
        if _LEFT.fullmatch(path.name) and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _reserved(project: Project) -> Iterator[tuple[str, Path]]:
    """Give an ID and a folder to fill, which becomes the model's if the block does not raise."""
    model = project.new_model_id()
    folder = project.model_folder(model)
    try:
        with replacing_folder(folder) as coming:
            yield model, coming
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _try(check: Callable[[Path], None], folder: Path, path: Path) -> None:
    try:
        check(folder)
    except ModelError as error:
        what = str(error).replace(f"{folder}: ", "").removesuffix(" Train a new one.")
        raise ModelError(f"{path} is no model that can be used: {what}") from error


def _legend(project: Project, folder: Path) -> Legend:
    """The classes that a model tells apart: its own where it was only imported."""
    own = None if (folder / METRICS).exists() else read_legend(folder / LEGEND)
    classes = trained_classes(folder)
    legend = own if own is not None and own.n_classes == classes else project.legend
    grown = legend.grown_to(classes)
    return Legend(tuple(facies for facies in grown.classes if facies.code <= classes))
