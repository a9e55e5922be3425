"""Ribbons on the canvas that follow the section: a napari layer that is written in place.

Owns when they are drawn anew: just before napari draws another section, and after a change of
zoom.  What is drawn, somebody else says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from napari.components import ViewerModel
from napari.layers import Surface
from napari.utils.colormaps import Colormap

from napari_hyperseg.viewer.arrival import vertical_unit_in
from napari_hyperseg.viewer.axes import layer_axes
from napari_hyperseg.viewer.horizon_lines import Segments
from napari_hyperseg.viewer.napari_versions import camera_of
from napari_hyperseg.viewer.ribbon_buffer import RibbonBuffer
from napari_hyperseg.viewer.sections import DISPLAY_ORDERS, Section, shown_section
from napari_hyperseg.viewer.tags import Tag

_DIMS_EVENTS = ("point", "current_step", "order", "ndisplay")


class Canvas(NamedTuple):
    """What is on screen of a survey.

    Parameters
    ----------
    shape : tuple of int
        Of the survey.
    section : Section
        Which axis is cut.
    at : int
        Where.
    scale : tuple of float
        World units per index, (down, right).
    zoom : float
        Pixels per world unit.
    """

    shape: tuple[int, int, int]
    section: Section
    at: int
    scale: tuple[float, float]
    zoom: float

    @property
    def axes(self) -> tuple[int, int]:
        """The survey's axes that run down and right."""
        down, right = DISPLAY_ORDERS[self.section][1:]
        return down, right


Draw = Callable[[Canvas], Sequence[Segments]]
"""Gives corners, (down, right) in array indices, of the ribbons of each colour."""


class SectionRibbons:
    """Ribbons over one survey.

    Parameters
    ----------
    viewer : ViewerModel
        Where to draw.
    name : str
        Of the layer.
    colors : sequence of str
    draw : callable
    throttle : callable, optional
        Wraps the drawing after a change of zoom.
    opacity : float
        Of the layer.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        name: str,
        colors: Sequence[str],
        draw: Draw,
        throttle: Callable[[Callable[[], Any]], Callable[[], Any]] = lambda call: call,
        opacity: float = 1.0,
    ) -> None:
        self._viewer, self._draw = viewer, draw
        self._name, self._colors, self._opacity = name, list(colors), opacity
        self._tag: Tag | None = None
        self._layer: Surface | None = None
        self._buffer = RibbonBuffer()
        dims, camera = viewer.dims.events, camera_of(viewer).events
        self._emitters: tuple[tuple[Any, Callable[..., None], str], ...] = (
            *((dims[name], self._on_moved, "first") for name in _DIMS_EVENTS),
            (camera.zoom, throttle(self.redraw), "last"),
        )

    def show(self, tag: Tag, place: int | None = None) -> None:
        """Draw over a survey.

        Parameters
        ----------
        tag : Tag
            Of any layer of it.
        place : int, optional
            Of the layer among the viewer's; by default on top.
        """
        if self._tag is None or self._tag.opened is not tag.opened:
            self.hide()
            self._tag = tag
            self._add(tag, len(self._viewer.layers) if place is None else place)
            for emitter, callback, position in self._emitters:
                emitter.connect(callback, position=position)
        self.redraw()

    def hide(self) -> None:
        """Draw nothing, and leave the viewer."""
        if self._tag is None:
            return
        for emitter, callback, _ in self._emitters:
            emitter.disconnect(callback)
        if self._layer in self._viewer.layers:
            self._viewer.layers.remove(self._layer)
        self._tag = self._layer = None

    def redraw(self) -> None:
        """Draw anew: there is something else to draw."""
        if self._layer is not None:
            self._write(self._layer)
            self._layer.refresh(extent=False, thumbnail=False, highlight=False)

    def _on_moved(self, event: Any = None) -> None:
        if self._layer is not None:
            self._write(self._layer)

    def _write(self, layer: Surface) -> None:
        canvas = self._canvas(layer)
        ribbons = [] if canvas is None else self._draw(canvas)
        if canvas is None or not any(len(one) for one in ribbons):
            self._buffer.clear()
            return
        corners = np.concatenate(ribbons)
        # Beyond the survey, it would make the viewer's sliders longer.
        np.clip(corners, 0, [canvas.shape[axis] - 1 for axis in canvas.axes], out=corners)
        cut = (int(canvas.section), canvas.at)
        self._buffer.write(corners, [len(one) for one in ribbons], canvas.axes, cut)
        if layer.vertices is not self._buffer.vertices:
            layer.data = self._buffer.data

    def _canvas(self, layer: Surface) -> Canvas | None:
        section = shown_section(self._viewer)
        if section is None or self._tag is None:
            return None
        shape, (down, right) = self._tag.geometry.shape, DISPLAY_ORDERS[section][1:]
        index = int(np.rint(layer.world_to_data(self._viewer.dims.point[-3:])[section]))
        index = min(max(index, 0), shape[section] - 1)
        scale = abs(float(layer.scale[down])), abs(float(layer.scale[right]))
        return Canvas(shape, section, index, scale, max(float(camera_of(self._viewer).zoom), 1e-9))

    def _add(self, tag: Tag, place: int) -> None:
        """Add the layer, and leave the brush where it is."""
        self._buffer = RibbonBuffer()
        self._layer = Surface(
            self._buffer.data,
            name=self._name,
            shading="none",
            blending="translucent_no_depth",
            opacity=self._opacity,
            contrast_limits=(0, len(self._colors)),
            colormap=Colormap(
                self._colors if len(self._colors) > 1 else self._colors * 2,
                name=self._name,
                interpolation="zero",
            ),
            **layer_axes(tag.geometry, vertical_unit_in(self._viewer)),
        )
        active = self._viewer.layers.selection.active
        self._viewer.layers.insert(place, self._layer)
        self._viewer.layers.selection.active = active
