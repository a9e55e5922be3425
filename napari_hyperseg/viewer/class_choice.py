"""Choosing the facies class to paint with: from the legend, or with the keys 1 to 9."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napari.components import ViewerModel
from napari.layers import Labels

KEYS = "123456789"
BRUSH_SIZE = 12


def choose_class(viewer: ViewerModel, layer: Labels, code: int) -> None:
    """Take the brush to this class."""
    viewer.layers.selection.active = layer
    layer.selected_label = code
    if layer.editable and layer.mode not in ("paint", "fill", "polygon"):
        layer.mode = "paint"


def bind_class_keys(layer: Labels, choose: Callable[[int], Any]) -> None:
    """Make the keys 1 to 9 choose a class while this layer is selected."""
    for key in KEYS:
        layer.bind_key(key, _chooser(choose, int(key)), overwrite=True)


def _chooser(choose: Callable[[int], Any], code: int) -> Callable[[Labels], None]:
    def choose_class_by_key(layer: Labels) -> None:
        choose(code)

    choose_class_by_key.__doc__ = f"Paint with class {code}"
    return choose_class_by_key
