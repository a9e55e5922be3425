"""Other volumes on the lines of the survey that is open: layers beside its amplitudes."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Layer
from napari.utils.notifications import show_warning

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.volumes import open_volume
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.layers import LayerTuple, amplitude_layer
from napari_hyperseg.viewer.tags import Role, Tag, retag, tag_of


def volume_layer(volume: Survey, survey: Tag, clip: float, unit: str | None) -> LayerTuple:
    """Return the layer of another volume of a survey."""
    tag = Tag(Role.VOLUME, survey.survey, volume, survey.project)
    return amplitude_layer(volume, tag, clip=clip, unit=unit)


def volume_layers(project: Project, tag: Tag, *, unit: str | None = None) -> list[LayerTuple]:
    """Return the other volumes of a survey, hidden; what cannot be opened is told."""
    layers = []
    for entry in project.entry(tag.survey).volumes:
        try:
            opened = open_volume(project, tag.survey, entry)
        except HypersegError as error:
            show_warning(str(error))
            continue
        data, arguments, kind = volume_layer(opened, tag, entry.clip, unit)
        layers.append((data, arguments | {"visible": False}, kind))
    return layers


def is_beside(survey: Survey, other: Survey) -> bool:
    """Tell whether a survey is another volume on the lines of `other`."""
    return survey.source.path != other.source.path and survey.geometry.has_grid_of(other.geometry)


def show_as_volume(viewer: ViewerModel, layer: Layer, survey: Tag) -> None:
    """Make amplitudes another volume of a survey: right above the survey's own."""
    tag = tag_of(layer)
    assert tag is not None
    retag(layer, Tag(Role.VOLUME, survey.survey, tag.opened, survey.project))
    below = [
        at
        for at, other in enumerate(viewer.layers)
        if other is not layer
        and (its := tag_of(other))
        and (its.survey == survey.survey and its.role in (Role.AMPLITUDE, Role.VOLUME))
    ]
    viewer.layers.move(viewer.layers.index(layer), max(below) + 1)
