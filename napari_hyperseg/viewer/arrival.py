"""Turning the viewer to a survey that was just inserted, however it came.

A reader returns layers and has no say in how the viewer shows them; so the viewer is watched
for the arrival of the first survey.
"""

from __future__ import annotations

from typing import Any

import napari
from napari.components import ViewerModel
from napari.layers import Layer

from napari_hyperseg.viewer.sections import first_look
from napari_hyperseg.viewer.tags import Role, tag_of, tagged, volume_of


def arrange_on_arrival(viewer: ViewerModel) -> None:
    """Show each first survey inserted from now on as an inline section; once is enough."""
    viewer.layers.events.inserted.connect(_on_inserted, position="last")


def vertical_unit_in(viewer: ViewerModel) -> str | None:
    """Return the unit of the vertical axis of the surveys on screen; None without surveys."""
    layer = next(tagged(viewer.layers, Role.AMPLITUDE), None)
    return None if layer is None else str(layer.units[-1])


def _on_inserted(event: Any) -> None:
    viewer, layer = napari.current_viewer(), event.value
    if viewer is None or event.source is not viewer.layers or not _is_volume(layer):
        return
    if sum(map(_is_volume, viewer.layers)) == 1:
        first_look(viewer, layer)


def _is_volume(layer: Layer) -> bool:
    """Whether a layer is a survey's amplitudes, or a volume that was opened by itself."""
    tag = tag_of(layer)
    amplitude = tag is not None and tag.role in (Role.AMPLITUDE, Role.COPY)
    return amplitude or volume_of(layer.metadata) is not None
