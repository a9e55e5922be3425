"""The line on the canvas that shows where the second view cuts the survey.

Owns one napari layer, a ribbon as those of the horizons are: written in place just before
napari draws another section.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from napari.components import ViewerModel
from napari.layers import Surface
from napari.utils.colormaps import Colormap

from napari_hyperseg.viewer.arrival import vertical_unit_in
from napari_hyperseg.viewer.axes import layer_axes
from napari_hyperseg.viewer.horizon_lines import Segments, ribbons
from napari_hyperseg.viewer.napari_versions import camera_of
from napari_hyperseg.viewer.ribbon_buffer import RibbonBuffer
from napari_hyperseg.viewer.sections import DISPLAY_ORDERS, Section, shown_section
from napari_hyperseg.viewer.tags import Tag

NAME, COLOR, EDGE_COLOR = "second view", "#ffe119", "#000000"
_WIDTHS_PX = (4.0, 2.0)  # of the edge, of the line in it
_DIMS_EVENTS = ("point", "current_step", "order", "ndisplay")
Cut = tuple[Section, int]


class CutMark:
    """Draws where a plane of one survey cuts what a viewer shows.

    Parameters
    ----------
    viewer : ViewerModel
        Where to draw.
    throttle : callable, optional
        Wraps the drawing after a change of zoom.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        throttle: Callable[[Callable[[], Any]], Callable[[], Any]] = lambda call: call,
    ) -> None:
        self._viewer = viewer
        self._tag: Tag | None = None
        self._cut: Cut | None = None
        self._layer: Surface | None = None
        self._buffer = RibbonBuffer()
        dims, camera = viewer.dims.events, camera_of(viewer).events
        self._emitters: tuple[tuple[Any, Callable[..., None], str], ...] = (
            *((dims[name], self._on_moved, "first") for name in _DIMS_EVENTS),
            (camera.zoom, throttle(self._redraw), "last"),
        )

    def show(self, tag: Tag, cut: Cut) -> None:
        """Mark a plane of a survey: the section that cuts an axis at an index."""
        if self._tag is None or self._tag.opened is not tag.opened:
            self.hide()
            self._tag = tag
            self._add(tag)
            for emitter, callback, position in self._emitters:
                emitter.connect(callback, position=position)
        if cut != self._cut:
            self._cut = cut
            self._redraw()

    def hide(self) -> None:
        """Mark nothing, and leave the viewer."""
        if self._tag is None:
            return
        for emitter, callback, _ in self._emitters:
            emitter.disconnect(callback)
        if self._layer in self._viewer.layers:
            self._viewer.layers.remove(self._layer)
        self._tag = self._cut = self._layer = None

    def _on_moved(self, event: Any = None) -> None:
        if self._layer is not None:
            self._write(self._layer)

    def _redraw(self) -> None:
        if self._layer is not None:
            self._write(self._layer)
            self._layer.refresh(extent=False, thumbnail=False, highlight=False)

    def _write(self, layer: Surface) -> None:
        section, tag = shown_section(self._viewer), self._tag
        if section is None or tag is None or self._cut is None or section is self._cut[0]:
            self._buffer.clear()
            return
        shape, axes = tag.geometry.shape, DISPLAY_ORDERS[section][1:]
        index = int(np.rint(layer.world_to_data(self._viewer.dims.point[-3:])[section]))
        index = min(max(index, 0), shape[section] - 1)
        zoom = max(float(camera_of(self._viewer).zoom), 1e-9)
        scale = abs(float(layer.scale[axes[0]])), abs(float(layer.scale[axes[1]]))
        line = plane_line(shape, section, self._cut)
        corners = np.concatenate([ribbons(line, scale, width / zoom) for width in _WIDTHS_PX])
        # Beyond the survey, it would make the viewer's sliders longer.
        np.clip(corners, 0, [shape[axis] - 1 for axis in axes], out=corners)
        self._buffer.write(corners, [1, 1], axes, (section, index))
        if layer.vertices is not self._buffer.vertices:
            layer.data = self._buffer.data

    def _add(self, tag: Tag) -> None:
        """Add the layer, and leave the brush where it is."""
        self._buffer = RibbonBuffer()
        self._layer = Surface(
            self._buffer.data,
            name=NAME,
            shading="none",
            blending="translucent_no_depth",
            contrast_limits=(0, 2),
            colormap=Colormap([EDGE_COLOR, COLOR], name=NAME, interpolation="zero"),
            **layer_axes(tag.geometry, vertical_unit_in(self._viewer)),
        )
        active = self._viewer.layers.selection.active
        self._viewer.add_layer(self._layer)
        self._viewer.layers.selection.active = active


def plane_line(shape: tuple[int, int, int], section: Section, cut: Cut) -> Segments:
    """Return where a plane cuts a section of another kind: one segment, (down, right).

    Parameters
    ----------
    shape : tuple of int
        Of the survey.
    section : Section
        What is on screen.
    cut : (Section, int)
        The axis that the plane cuts, and where.
    """
    down, right = DISPLAY_ORDERS[section][1:]
    axis, at = cut
    along_right, along_down = [(at, 0), (at, shape[right] - 1)], [(0, at), (shape[down] - 1, at)]
    return np.array([along_right if axis == down else along_down], np.float32)
