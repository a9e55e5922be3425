"""Opening SEG-Y files and project folders in napari: drag and drop, File > Open, the shell.

Owns the reader contribution.  A SEG-Y file becomes its amplitude layer; a project folder the
amplitudes, labels and newest prediction of its surveys.  Every layer is tagged, so that the
dock adopts it, and the viewer is turned to the first survey as soon as it is inserted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import napari

from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.arrival import arrange_on_arrival, vertical_unit_in
from napari_hyperseg.viewer.layers import (
    LayerTuple,
    amplitude_layer,
    labels_layer,
    newest_prediction,
    prediction_layers,
)
from napari_hyperseg.viewer.opening import AtOnce, Opener
from napari_hyperseg.viewer.tags import Role, Tag

PathOrPaths = str | list[str]
SEGY_SUFFIXES = {".sgy", ".segy"}
PROJECT_SUFFIX = ".hyperseg"
NO_LAYER: Any = (None,)  # napari's word for a reader that has read, and adds nothing


def get_reader(path: PathOrPaths) -> Callable[[PathOrPaths], list[LayerTuple]] | None:
    """Return `read` for what this plugin opens; cheap: looks at the name alone."""
    suffixes = {Path(one).suffix.lower() for one in _paths(path)}
    return read if suffixes and suffixes <= SEGY_SUFFIXES | {PROJECT_SUFFIX} else None


def read(path: PathOrPaths, opener: Opener = AtOnce()) -> list[LayerTuple]:
    """Return the layers of SEG-Y files or project folders.

    Parameters
    ----------
    path : str or list of str
        Files and folders.
    opener : Opener
        Opens their surveys; what it does not open is left out.

    Raises
    ------
    SurveyError
        If a SEG-Y file cannot be read.
    ProjectError
        If a project folder cannot be opened.
    """
    viewer = napari.current_viewer()
    unit = None
    if viewer is not None:
        unit = vertical_unit_in(viewer)
        arrange_on_arrival(viewer)
    layers: list[LayerTuple] = []
    for one in map(Path, _paths(path)):
        read_one = _project_layers if one.is_dir() else _segy_layers
        layers += read_one(one, opener, unit)
    return layers or [NO_LAYER]


def project_layers(
    project: Project, key: str, survey: Survey, *, unit: str | None = None
) -> list[LayerTuple]:
    """Return amplitude, newest prediction and labels of one survey, bottom first."""
    tag = Tag(Role.AMPLITUDE, key, survey, project.folder)
    amplitude = amplitude_layer(survey, tag, clip=project.surveys[key].clip, unit=unit)
    return [amplitude, *overlay_layers(project, tag, unit=unit)]


def overlay_layers(project: Project, tag: Tag, *, unit: str | None = None) -> list[LayerTuple]:
    """Return the newest prediction, if there is one, and the labels of a survey."""
    labels = labels_layer(project.labels(tag.survey), project.legend, tag, unit=unit)
    store = newest_prediction(project, tag.survey)
    if store is None:
        return [labels]
    return [*prediction_layers(store, project.legend, tag, unit=unit), labels]


def _project_layers(folder: Path, opener: Opener, unit: str | None) -> list[LayerTuple]:
    project = Project.open(folder)
    layers: list[LayerTuple] = []
    for key in project.surveys:
        survey = opener.of_project(project, key)
        if survey is None:
            return []
        of_survey = project_layers(project, key, survey, unit=unit)
        layers += of_survey if not layers else [_hidden(layer) for layer in of_survey]
    return layers


def _hidden(layer: LayerTuple) -> LayerTuple:
    """Surveys may lie in one place: only the first is visible at the beginning."""
    data, arguments, kind = layer
    return data, arguments | {"visible": False}, kind


def _segy_layers(path: Path, opener: Opener, unit: str | None) -> list[LayerTuple]:
    opened = opener.of_file(path)
    if opened is None:
        return []
    tag = Tag(Role.AMPLITUDE, opened.survey.name, opened.survey, opened.project)
    return [amplitude_layer(opened.survey, tag, clip=opened.clip, unit=unit)]


def _paths(path: PathOrPaths) -> list[str]:
    return [path] if isinstance(path, str) else list(path)
