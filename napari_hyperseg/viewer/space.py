"""What is too large to be drawn in space is hidden there, before the viewer reads all of it."""

from __future__ import annotations

import math
from typing import Any

from napari.components import ViewerModel
from napari.layers import Image, Labels, Layer

from napari_hyperseg.viewer import shown_volume
from napari_hyperseg.viewer.tags import tag_of


class SpaceGuard:
    """Hides large labels and predictions while the viewer shows three dimensions.

    Amplitudes need no guard: they are drawn at a lower resolution there.

    Parameters
    ----------
    viewer : ViewerModel
        Its change of dimensions is heard here before its layers hear of it.
    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._hidden: list[Layer] = []
        viewer.dims.events.ndisplay.connect(self._on_dimensions, position="first")

    def disconnect(self) -> None:
        """Hide nothing any more."""
        self._viewer.dims.events.ndisplay.disconnect(self._on_dimensions)

    def _on_dimensions(self, event: Any = None) -> None:
        if self._viewer.dims.ndisplay == 3:
            self._hidden = [layer for layer in self._viewer.layers if _too_large(layer)]
            for layer in self._hidden:
                layer.visible = False
        else:
            for layer in self._hidden:
                layer.visible = True
            self._hidden = []


def _too_large(layer: Layer) -> bool:
    if tag_of(layer) is None or not layer.visible or not isinstance(layer, Image | Labels):
        return False
    return not layer.multiscale and math.prod(layer.data.shape) > shown_volume.LARGEST_IN_SPACE
