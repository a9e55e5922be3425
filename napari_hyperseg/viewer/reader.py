"""Opening SEG-Y files, project folders and zarr volumes in napari: drag and drop, File > Open.

Owns the reader contribution.  A SEG-Y file becomes its amplitude layer; a project folder the
amplitudes, labels and newest prediction of its surveys, each tagged, so that the dock adopts
it; a zarr volume a layer to look at.  The viewer is turned to the first as soon as it is
inserted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import napari

from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretations import open_interpretation
from napari_hyperseg.project.record import FILE_NAME
from napari_hyperseg.survey.export.opening import may_be_volume, open_zarr_volume
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
from napari_hyperseg.viewer.surveys import WAITS, check_told_apart
from napari_hyperseg.viewer.tags import Role, Tag
from napari_hyperseg.viewer.volumes import volume_layers
from napari_hyperseg.viewer.zarr_reader import zarr_layer

PathOrPaths = str | list[str]
SEGY_SUFFIXES = {".sgy", ".segy"}
PROJECT_SUFFIX = ".hyperseg"
NO_LAYER: Any = (None,)  # napari's word for a reader that has read, and adds nothing
ZARR_SUFFIX = ".zarr"


def get_reader(path: PathOrPaths) -> Callable[[PathOrPaths], list[LayerTuple]] | None:
    """Return `read` for what this plugin opens; cheap: looks at names, and a zarr's metadata."""
    paths = _paths(path)
    return read if paths and all(map(_is_ours, paths)) else None


def read(path: PathOrPaths, opener: Opener = AtOnce()) -> list[LayerTuple]:
    """Return the layers of SEG-Y files, project folders or zarr volumes.

    Parameters
    ----------
    path : str or list of str
        Files and folders; ``project.json`` is its project.
    opener : Opener
        Opens their surveys; what it does not open is left out.

    Raises
    ------
    SurveyError
        If a SEG-Y file or a zarr volume cannot be read.
    ProjectError
        If a project folder cannot be opened.
    """
    viewer = napari.current_viewer()
    unit = None
    if viewer is not None:
        unit = vertical_unit_in(viewer)
        arrange_on_arrival(viewer)
    layers: list[LayerTuple] = []
    for one in _paths(path):
        layers += _layers(one, opener, unit)
    return layers or [NO_LAYER]


def project_layers(
    project: Project, key: str, survey: Survey, *, unit: str | None = None
) -> list[LayerTuple]:
    """Return amplitude, other volumes, newest prediction and labels of a survey, bottom first."""
    tag = Tag(Role.AMPLITUDE, key, survey, project.folder)
    amplitude = amplitude_layer(survey, tag, clip=project.surveys[key].clip, unit=unit)
    volumes = volume_layers(project, tag, unit=unit)
    return [amplitude, *volumes, *overlay_layers(project, tag, unit=unit)]


def overlay_layers(project: Project, tag: Tag, *, unit: str | None = None) -> list[LayerTuple]:
    """Return the newest prediction, if there is one, and the labels of a survey."""
    layers: list[LayerTuple] = []
    store = newest_prediction(project, tag.survey)
    if store is not None:
        layers += prediction_layers(store, project.legend, tag, unit=unit)
    return [*layers, labels_layer(open_interpretation(project, tag.survey), tag, unit=unit)]


def _is_ours(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix == ZARR_SUFFIX:  # many plugins open such folders: only what is ours
        return may_be_volume(path)
    return suffix in SEGY_SUFFIXES | {PROJECT_SUFFIX}


def _layers(path: Path, opener: Opener, unit: str | None) -> list[LayerTuple]:
    if path.suffix.lower() == ZARR_SUFFIX:
        return [zarr_layer(open_zarr_volume(path), unit)]
    return (_project_layers if path.is_dir() else _segy_layers)(path, opener, unit)


def _project_layers(folder: Path, opener: Opener, unit: str | None) -> list[LayerTuple]:
    project = Project.open(folder)
    layers: list[LayerTuple] = []
    for key in project.surveys:
        survey = opener.of_project(project, key)
        if survey is None:
            return []
        check_told_apart(napari.current_viewer(), survey)
        of_survey = project_layers(project, key, survey, unit=unit)
        layers += of_survey if not layers else [_hidden(layer) for layer in of_survey]
    return layers


def _hidden(layer: LayerTuple) -> LayerTuple:
    """Surveys may lie in one place: only the first is visible at the beginning."""
    data, arguments, kind = layer
    if not arguments.get("visible", True):
        return layer
    metadata = arguments["metadata"] | {WAITS: True}
    return data, arguments | {"visible": False, "metadata": metadata}, kind


def _segy_layers(path: Path, opener: Opener, unit: str | None) -> list[LayerTuple]:
    opened = opener.of_file(path)
    if opened is None:
        return []
    check_told_apart(napari.current_viewer(), opened.survey)
    tag = Tag(Role.AMPLITUDE, opened.survey.name, opened.survey, opened.project)
    return [amplitude_layer(opened.survey, tag, clip=opened.clip, unit=unit)]


def _paths(path: PathOrPaths) -> list[Path]:
    """Return what is to be opened: a project for its record, as dialogs choose files alone."""
    paths = map(Path, [path] if isinstance(path, str) else path)
    return [one.parent if one.name == FILE_NAME else one for one in paths]
