"""The surveys of a window: one is in the viewer, the others wait with their layers.

Side by side in one viewer they would share its sliders and its view, however far apart their
lines are numbered.
"""

from __future__ import annotations

from dataclasses import dataclass

from napari.components import ViewerModel
from napari.layers import Image, Labels, Layer

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.sections import first_look
from napari_hyperseg.viewer.tags import Role, tag_of, tagged

WAITS = "hyperseg waits"  # in a layer's metadata: it is hidden only until its survey is chosen


@dataclass(frozen=True)
class _Waiting:
    """Layers of a survey, from below, and where the viewer was when they were taken out."""

    layers: list[Layer]
    point: tuple[float, ...] | None = None
    order: tuple[int, ...] = ()


class Surveys:
    """Keys of the surveys in the order in which they came, and the layers of those that wait.

    Parameters
    ----------
    viewer : ViewerModel
        Holds the layers of the one that is worked on.
    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._waiting: dict[str, _Waiting] = {}
        self._keys: list[str] = []

    @property
    def keys(self) -> list[str]:
        """All surveys."""
        shown = [_key(layer) for layer in tagged(self._viewer.layers, Role.AMPLITUDE)]
        there = [*shown, *self._waiting]
        self._keys = [key for key in self._keys if key in there]
        self._keys += [key for key in dict.fromkeys(there) if key not in self._keys]
        return list(self._keys)

    def put_away(self, key: str, *, seen: bool) -> None:
        """Take the layers of a survey out of the viewer.

        Parameters
        ----------
        key : str
        seen : bool
            Whether it is the one on screen: the viewer comes back to the same place.
        """
        layers = [layer for layer in self._viewer.layers if _belongs(layer, key)]
        before = self._waiting.get(key)
        dims = self._viewer.dims
        place = (dims.point, dims.order) if seen and dims.ndisplay == 2 else (None, ())
        for layer in layers:
            self._viewer.layers.remove(layer)
        if before is not None:
            layers = [*before.layers, *layers]
        if layers:
            self._waiting[key] = _Waiting(layers, *place)

    def bring_back(self, key: str) -> None:
        """Put the layers of a survey that waits into the viewer, and show it."""
        waiting = self._waiting.pop(key)
        for layer in waiting.layers:
            self._viewer.add_layer(layer)
            if layer.metadata.pop(WAITS, False):
                layer.visible = True
        if waiting.point is not None and self._viewer.dims.ndim == len(waiting.point):
            self._viewer.dims.order = waiting.order
            self._viewer.dims.point = waiting.point
        else:
            first_look(self._viewer, waiting.layers[0])

    def waits(self, key: str) -> bool:
        """Whether a survey's layers are out of the viewer."""
        return key in self._waiting

    def forget(self, key: str) -> None:
        """Drop a survey that waits; what it holds is on disk."""
        self._waiting.pop(key, None)

    def others_shown(self, key: str) -> set[str]:
        """Return the surveys other than `key` that have layers in the viewer."""
        ours = (layer for layer in self._viewer.layers if _is_volume(layer))
        return {_key(layer) for layer in ours} - {key}


def _key(layer: Layer) -> str:
    tag = tag_of(layer)
    assert tag is not None
    return tag.survey


def _is_volume(layer: Layer) -> bool:
    """Horizons have other layers, which their own controller adds and removes."""
    return isinstance(layer, Image | Labels) and tag_of(layer) is not None


def _belongs(layer: Layer, key: str) -> bool:
    return _is_volume(layer) and _key(layer) == key


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
