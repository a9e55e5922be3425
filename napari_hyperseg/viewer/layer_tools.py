"""The tools that paint facies: napari's own, on the labels of the survey that is open.

Owns what each tool is called, its key, and why it cannot be used; napari's modes do the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, Any

from napari.layers import Labels
from psygnal import Signal

from napari_hyperseg.viewer.open_section import NO_SURVEY, why_fixed
from napari_hyperseg.viewer.tags import Role

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

SMALLEST_BRUSH, LARGEST_BRUSH = 1, 200
POLYGON_KEY = "Shift-P"  # napari's own is a digit, and digits choose classes


class Tool(Enum):
    """A tool; the value is napari's mode."""

    BRUSH = "paint"
    POLYGON = "polygon"
    ERASER = "erase"
    FILL = "fill"
    PAN = "pan_zoom"


TIPS: dict[Tool, str] = {
    Tool.BRUSH: "Brush (P): paint with the chosen class",
    Tool.POLYGON: "Polygon (Shift+P): click its corners; Enter or a double click fills it",
    Tool.ERASER: "Eraser (E): take labels away",
    Tool.FILL: "Fill (F): give what is connected under the mouse the chosen class",
    Tool.PAN: "Move the section (Z, or hold Space)",
}


class LayerTools:
    """The tools of the labels that are open.

    Parameters
    ----------
    workspace : Workspace
        What is open.

    Attributes
    ----------
    changed : Signal()
        Another tool, another size of the brush, or they can or cannot be used.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._layer: Labels | None = None
        workspace.changed.connect(self._follow)
        self._active = workspace.viewer.layers.selection.events.active
        self._active.connect(self._on_event)

    @property
    def tool(self) -> Tool | None:
        """The tool in hand; None if another layer is worked on, or with another mode of napari."""
        layer = self._layer
        # Not equal, rather than not the same: a plugin's viewer hands out wrapped layers.
        if layer is None or self._workspace.viewer.layers.selection.active != layer:
            return None
        with suppress(ValueError):
            return Tool(str(layer.mode))
        return None

    @property
    def brush_size(self) -> int:
        """Diameter of brush and eraser, in samples and traces."""
        return round(self._layer.brush_size) if self._layer is not None else SMALLEST_BRUSH

    @property
    def refusal(self) -> str:
        """Why nothing can be painted; empty where it can."""
        return NO_SURVEY if self._layer is None else why_fixed(self._workspace)

    def choose(self, tool: Tool) -> None:
        """Take a tool."""
        layer = self._layer
        if layer is None or (self.refusal and tool is not Tool.PAN):
            return
        layer.visible = True  # napari gives hidden layers no tool
        self._workspace.viewer.layers.selection.active = layer
        layer.mode = tool.value

    def choose_brush_size(self, size: int) -> None:
        """Give the brush another diameter."""
        if self._layer is not None:
            self._layer.brush_size = size

    def close(self) -> None:
        """Follow no more."""
        self._workspace.changed.disconnect(self._follow)
        self._active.disconnect(self._on_event)
        self._listen_to(None)

    def _follow(self) -> None:
        """Turn to the labels that are open now."""
        layer = self._workspace.layer(Role.LABELS)
        if layer is not self._layer:
            self._listen_to(layer if isinstance(layer, Labels) else None)
            self.changed.emit()

    def _listen_to(self, layer: Labels | None) -> None:
        for emitter in self._emitters():
            emitter.disconnect(self._on_event)
        self._layer = layer
        for emitter in self._emitters():
            emitter.connect(self._on_event)
        if layer is not None:
            layer.bind_key(POLYGON_KEY, self._take_polygon, overwrite=True)

    def _emitters(self) -> Iterator[Any]:
        if self._layer is not None:
            events = self._layer.events
            yield from (events.mode, events.brush_size, events.editable)

    def _take_polygon(self, layer: Labels) -> None:
        """Activate the polygon tool."""
        self.choose(Tool.POLYGON)

    def _on_event(self, event: Any = None) -> None:
        self.changed.emit()
