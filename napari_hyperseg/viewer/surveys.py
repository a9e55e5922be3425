"""The surveys in a viewer, of which one is worked on and seen."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Image, Labels, Layer

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.survey import Survey
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


def check_told_apart(viewer: ViewerModel | None, survey: Survey) -> None:
    """Refuse a survey that has the name of another one in the viewer: labels would be mixed up.

    Raises
    ------
    SurveyError
        If there is one of that name from another file.
    """
    for layer in tagged(viewer.layers, Role.AMPLITUDE) if viewer is not None else ():
        tag = tag_of(layer)
        assert tag is not None
        path = tag.opened.source.path
        if tag.survey == survey.name and path != survey.source.path:
            raise SurveyError(
                f"A survey called {survey.name} is open already: {path}. Remove its layers first, "
                "or rename one of the two files."
            )
