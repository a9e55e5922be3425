"""The surveys in a viewer, of which one is worked on and seen."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Image, Labels, Layer

from napari_hyperseg.viewer.sections import cuts, first_look
from napari_hyperseg.viewer.tags import Role, tag_of, tagged

_SEEN = "hyperseg seen"  # in a layer's metadata: whether it is visible when its survey is chosen


def surveys_in(viewer: ViewerModel) -> dict[str, Layer]:
    """Return the amplitude layers of the surveys by key, in the order in which they came."""
    keys: dict[str, Layer] = {}
    for layer in tagged(viewer.layers, Role.AMPLITUDE):
        tag = tag_of(layer)
        assert tag is not None
        keys.setdefault(tag.survey, layer)
    return keys


def show_survey(viewer: ViewerModel, chosen: Layer) -> None:
    """Show the volumes of one survey and hide those of the others; what was seen comes back."""
    tag = tag_of(chosen)
    assert tag is not None
    for layer in viewer.layers:
        its = tag_of(layer)
        if its is None or not isinstance(layer, Image | Labels):
            continue
        if its.survey != tag.survey:
            _hide(layer)
        elif not layer.visible:
            layer.visible = layer.metadata.pop(_SEEN, its.role is not Role.CONFIDENCE)
    if not cuts(viewer, chosen):
        first_look(viewer, chosen)


def _hide(layer: Layer) -> None:
    if layer.visible:
        layer.metadata[_SEEN] = True
        layer.visible = False
    else:
        layer.metadata.setdefault(_SEEN, False)
