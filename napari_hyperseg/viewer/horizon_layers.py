"""The layers that show horizons: lines on sections, surfaces in space.

Owns two napari layers, which follow the viewer from section to section.  Both are Surface
layers, whose triangles can be any shape: lines are ribbons, made anew for each section and
zoom so that they are two pixels wide, with a dark edge.  napari draws a section again when the
viewer moves; so the ribbons are written in place just before that, which costs a tenth of
giving the layer other data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer, Surface
from napari.utils.colormaps import Colormap

from napari_hyperseg.viewer.arrival import vertical_unit_in
from napari_hyperseg.viewer.axes import layer_axes
from napari_hyperseg.viewer.horizon_lines import NO_SEGMENTS, ribbons
from napari_hyperseg.viewer.horizon_surface import cube_size, joined
from napari_hyperseg.viewer.napari_versions import REORDERS_SURFACES, camera_of
from napari_hyperseg.viewer.overlays import find_layer
from napari_hyperseg.viewer.ribbon_buffer import RibbonBuffer
from napari_hyperseg.viewer.sections import Section, shown_section
from napari_hyperseg.viewer.shown_horizon import ShownHorizon
from napari_hyperseg.viewer.tags import Role, Tag

WIDTH_PX = 2.0
EDGE_PX = 1.0  # dark on both sides: colours are seen on any seismic
EDGE_COLOR = "#000000"
SHORTEST_PX = 2.0  # of a segment
_DIMS_EVENTS = ("point", "current_step", "order", "ndisplay")
_NOTHING = (
    np.zeros((3, 3), np.float32),
    np.zeros((1, 3), np.uint32),
    np.zeros(3, np.float32),
)
# Data axes of (first, second) of the segments on a section.
_AXES = {Section.INLINE: (2, 1), Section.CROSSLINE: (2, 0), Section.TIME_SLICE: (0, 1)}


class HorizonLayers:
    """Draws horizons of one survey at a time.

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
        self._horizons: tuple[ShownHorizon, ...] = ()
        self._buffer = RibbonBuffer()
        self._written: tuple[Section, int, float] | None = None
        self._undrawn = False
        dims, camera = viewer.dims.events, camera_of(viewer).events
        self._emitters: tuple[tuple[Any, Callable[..., None], str], ...] = (
            *((dims[name], self._on_moved, "first") for name in _DIMS_EVENTS),
            *((dims[name], self._after_move, "last") for name in _DIMS_EVENTS),
            (dims.ndisplay, self._on_turned, "last"),
            (dims.order, self._on_turned, "last"),
            (camera.zoom, throttle(self.redraw), "last"),
        )
        for emitter, callback, position in self._emitters:
            emitter.connect(callback, position=position)

    @property
    def lines(self) -> Surface | None:
        """The layer of the lines; None where there is none, or the user removed it."""
        return self._find(Role.HORIZON_LINES)

    @property
    def surfaces(self) -> Surface | None:
        """The layer of the surfaces, likewise."""
        return self._find(Role.HORIZON_SURFACES)

    def show(self, tag: Tag, horizons: Sequence[ShownHorizon]) -> None:
        """Draw these horizons of a survey instead of what was drawn; later ones on top."""
        if self._tag is not None and self._tag.survey != tag.survey:
            self.clear()
        self._tag, self._horizons, self._written = tag, tuple(horizons), None
        if horizons and self.lines is None:
            lines = self._make(tag, Role.HORIZON_LINES, "horizons")
            lines.events.set_data.connect(self._on_drawn)
            self._add(lines)
        lines = self.lines
        if lines is not None:
            _colour(lines, [EDGE_COLOR, *(horizon.color for horizon in horizons)])
            self.redraw()
        self._show_surfaces()

    def clear(self) -> None:
        """Remove the layers."""
        for layer in (self.lines, self.surfaces):
            if layer is not None:
                self._viewer.layers.remove(layer)
        self._tag, self._horizons, self._buffer = None, (), RibbonBuffer()

    def disconnect(self) -> None:
        """Follow the viewer no more; what is drawn stays."""
        for emitter, callback, _ in self._emitters:
            emitter.disconnect(callback)
        self._emitters = ()

    def redraw(self, event: Any = None) -> None:
        """Draw the lines of the section on screen."""
        lines = self.lines
        if lines is not None:
            self._write(lines)
            self._after_move()

    def _on_moved(self, event: Any = None) -> None:
        """Write the next section before napari looks at the layer."""
        lines = self.lines
        if lines is not None:
            self._write(lines)
        surfaces = self.surfaces
        if surfaces is not None and self._viewer.dims.ndisplay == 2 and len(surfaces.faces) > 1:
            surfaces.data = _NOTHING

    def _after_move(self, event: Any = None) -> None:
        """Draw what napari has not drawn: it may look at its layers in another order."""
        lines = self.lines
        if self._undrawn and lines is not None:
            lines.refresh(extent=False, thumbnail=False, highlight=False)

    def _on_drawn(self, event: Any = None) -> None:
        self._undrawn = False

    def _on_turned(self, event: Any = None) -> None:
        self._show_surfaces()

    def _write(self, lines: Surface) -> None:
        """Write the ribbons of the section into the layer's arrays, unless they are there."""
        section = shown_section(self._viewer)
        if section is None or self._tag is None:
            self._written = None
            self._buffer.clear()
            return
        place = lines.world_to_data(self._viewer.dims.point[-3:])[section]
        index = int(np.clip(round(place), 0, self._tag.geometry.shape[section] - 1))
        zoom = max(float(camera_of(self._viewer).zoom), 1e-9)
        if self._written == (section, index, zoom):
            return
        self._written, self._undrawn = (section, index, zoom), True
        axes = _AXES[section]
        scale = abs(float(lines.scale[axes[0]])), abs(float(lines.scale[axes[1]]))
        stride = max(1, int(SHORTEST_PX / (zoom * scale[1])))
        cuts = [horizon.shape.cut(section, index, stride) for horizon in self._horizons]
        segments = np.concatenate([NO_SEGMENTS, *cuts])
        widths = (WIDTH_PX + 2 * EDGE_PX) / zoom, WIDTH_PX / zoom
        corners = np.concatenate([ribbons(segments, scale, width) for width in widths])
        # Beyond the survey, they would make the viewer's sliders longer.
        np.clip(corners, 0, [self._tag.geometry.shape[axis] - 1 for axis in axes], out=corners)
        counts = [len(segments), *map(len, cuts)]
        grown = self._buffer.write(corners, counts, axes, (section, index))
        if grown or lines.vertices is not self._buffer.vertices:
            lines.data = self._buffer.data

    def _show_surfaces(self) -> None:
        """Give the surface layer its triangles; it is made the first time the viewer is in 3D."""
        if self._tag is None or self._viewer.dims.ndisplay != 3:
            return
        if self._horizons and self.surfaces is None:
            self._add(self._make(self._tag, Role.HORIZON_SURFACES, "horizons 3D"))
        surfaces = self.surfaces
        if surfaces is not None:
            _colour(surfaces, [horizon.color for horizon in self._horizons])
            meshes = [horizon.shape.mesh for horizon in self._horizons]
            order = (0, 1, 2) if REORDERS_SURFACES else self._viewer.dims.order[-3:]
            surfaces.data = joined(meshes, self._tag.geometry.shape, order) or _NOTHING

    def _make(self, tag: Tag, role: Role, name: str) -> Surface:
        axes = layer_axes(tag.geometry, vertical_unit_in(self._viewer))
        solid = role is Role.HORIZON_SURFACES
        if solid:
            axes["scale"] = tuple(np.multiply(axes["scale"], cube_size(tag.geometry.shape)))
        return Surface(
            _NOTHING,
            name=f"{tag.survey} {name}",
            shading="smooth" if solid else "none",
            blending="translucent_no_depth",
            metadata=tag.with_role(role).as_metadata(),
            **axes,
        )

    def _add(self, layer: Layer) -> None:
        """Add a layer and leave the brush where it is."""
        active = self._viewer.layers.selection.active
        self._viewer.add_layer(layer)
        self._viewer.layers.selection.active = active

    def _find(self, role: Role) -> Surface | None:
        if self._tag is None:
            return None
        layer = find_layer(self._viewer, role, self._tag.survey)
        return layer if isinstance(layer, Surface) else None


def _colour(layer: Surface, colors: list[str]) -> None:
    """Map value 0.5 to the first colour, 1.5 to the second, and so on."""
    if len(colors) > 1:  # the edge alone is no line
        layer.contrast_limits_range = (0, len(colors))
        layer.contrast_limits = (0, len(colors))
        layer.colormap = Colormap(colors, name="horizons", interpolation="zero")
