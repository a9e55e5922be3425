"""Adding to a survey's amplitudes what belongs over them: labels and prediction.

Owns which layers a survey has and their order in the viewer: amplitudes at the bottom, then
confidence and prediction, the interpreter's labels on top.
"""

from __future__ import annotations

from pathlib import Path

from napari.components import ViewerModel
from napari.layers import Labels, Layer

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.folder import Project
from napari_hyperseg.viewer.arrival import vertical_unit_in
from napari_hyperseg.viewer.layers import (
    LayerTuple,
    labels_layer,
    legend_colormap,
    newest_prediction,
    open_prediction,
    prediction_layers,
)
from napari_hyperseg.viewer.tags import Role, Tag, retag, tag_of, tagged


def project_of(tag: Tag) -> Project:
    """Open the project that a layer's tag names, or make one beside its SEG-Y file.

    Raises
    ------
    ProjectError, SurveyError
        If it cannot be opened or made.
    """
    if tag.project is not None:
        return Project.open(tag.project)
    return Project.create_beside(tag.opened.source.path, tag.opened)


def complete_layers(viewer: ViewerModel, amplitude: Layer, project: Project) -> Tag:
    """Add the labels and the newest prediction of a survey where they are missing.

    Returns
    -------
    Tag
        The amplitudes' tag, which names the project from now on.

    Raises
    ------
    LabelError
        If the labels cannot be opened.
    """
    tag = tag_of(amplitude)
    assert tag is not None
    tag = tag.with_project(project.folder)
    retag(amplitude, tag)
    if find_layer(viewer, Role.LABELS, tag.survey) is None and project.has_labels(tag.survey):
        unit = vertical_unit_in(viewer)
        labels = project.labels(tag.survey)
        viewer.add_layer(as_layer(labels_layer(labels, project.legend, tag, unit=unit)))
    store = newest_prediction(project, tag.survey)
    if store is not None:
        show_prediction(viewer, store, project.legend, tag)
    lock_predictions(viewer, tag.survey)
    if project.read_only:
        lock_labels(viewer, tag.survey)
    return tag


def show_prediction(viewer: ViewerModel, store: Path, legend: Legend, tag: Tag) -> None:
    """Show a prediction store in the survey's two prediction layers, making them at need."""
    layers = [find_layer(viewer, role, tag.survey) for role in (Role.PREDICTION, Role.CONFIDENCE)]
    if any(layer is None for layer in layers):
        _insert_prediction(viewer, store, legend, tag)
    else:
        for layer, array in zip(layers, open_prediction(store), strict=True):
            assert layer is not None
            layer.data = array
    lock_predictions(viewer, tag.survey)


def find_layer(viewer: ViewerModel, role: Role, survey: str) -> Layer | None:
    """Return a survey's layer of a role; None if it has none."""
    return next(tagged(viewer.layers, role, survey), None)


def lock_predictions(viewer: ViewerModel, survey: str) -> None:
    """Let nobody paint into what the network says."""
    for layer in tagged(viewer.layers, Role.PREDICTION, survey):
        layer.editable = False


def lock_labels(viewer: ViewerModel, survey: str) -> None:
    """Let nobody paint labels into a project that may not be changed."""
    for layer in tagged(viewer.layers, Role.LABELS, survey):
        layer.editable = False


def recolour(viewer: ViewerModel, legend: Legend, survey: str) -> None:
    """Give labels and prediction of a survey the legend's colours."""
    for role in (Role.LABELS, Role.PREDICTION):
        for layer in tagged(viewer.layers, role, survey):
            assert isinstance(layer, Labels)
            layer.colormap = legend_colormap(legend)


def _insert_prediction(viewer: ViewerModel, store: Path, legend: Legend, tag: Tag) -> None:
    active = viewer.layers.selection.active
    for role in (Role.PREDICTION, Role.CONFIDENCE):
        for stale in list(tagged(viewer.layers, role, tag.survey)):
            viewer.layers.remove(stale)
    labels = find_layer(viewer, Role.LABELS, tag.survey)
    place = len(viewer.layers) if labels is None else viewer.layers.index(labels)
    new = prediction_layers(store, legend, tag, unit=vertical_unit_in(viewer))
    for offset, layer in enumerate(new):
        viewer.layers.insert(place + offset, as_layer(layer))
    viewer.layers.selection.active = active


def as_layer(layer: LayerTuple) -> Layer:
    """Return the layer that a tuple describes."""
    data, arguments, kind = layer
    return Layer.create(data, arguments, kind)
