"""The labels layer that is painted into: its brush, its class, its strokes, undo and redo.

A stroke, from press to release, is one edit; so is what napari's brush encircles, which begins
with the right button and goes on after its release until the mouse is back.  What napari does
between is told by the array itself (`LabelVolume`), whichever way napari tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from app_model.types import KeyCode, KeyMod
from napari.components import ViewerModel
from napari.layers import Labels, Layer

from napari_hyperseg.labels.order import Order
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.tags import Role, tag_of
from napari_hyperseg.viewer.timing import Wrap, at_once

UNDO = KeyMod.CtrlCmd | KeyCode.KeyZ
REDO = KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyZ
BRUSH_SIZE = 12
TOOLS = {"paint": "Brush", "erase": "Eraser", "fill": "Fill", "polygon": "Polygon"}
_STROKES = {"paint", "erase", "fill"}
_RIGHT = 2


class Painting:
    """Follows the labels of the survey that is open.

    Parameters
    ----------
    viewer : ViewerModel
    chosen : callable
        Called when another class is chosen.
    where : callable
        Names the section on screen, for the time line.
    later : callable
        Wraps a call so that it runs once, a moment after the last of several.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        chosen: Callable[[], Any],
        where: Callable[[], str] = str,
        later: Wrap = at_once,
    ) -> None:
        self._viewer, self._chosen, self._where = viewer, chosen, where
        self._layer: Labels | None = None
        self._interpretation: Interpretation | None = None
        self._stroking = self._encircling = False
        self._end_later = later(self._end_circle)
        viewer.mouse_drag_callbacks.append(self._stroke)
        viewer.mouse_move_callbacks.append(self._go_round)
        for key, act in ((UNDO, self.undo), (REDO, self.redo)):
            viewer.bind_key(key, lambda _, act=act: act(), overwrite=True)

    @property
    def layer(self) -> Labels | None:
        """The layer."""
        return self._layer

    @property
    def code(self) -> int | None:
        """The class to paint with."""
        return None if self.layer is None else int(self.layer.selected_label)

    def follow(self, layer: Layer | None, interpretation: Interpretation | None = None) -> None:
        """Turn to the labels of a survey; None: to none."""
        self._let_go()
        if not isinstance(layer, Labels) or interpretation is None:
            return
        self._layer, self._interpretation = layer, interpretation
        interpretation.tool_in_hand = self._tool
        interpretation.facies.locked = lambda: interpretation.project.legend.locked_codes
        interpretation.facies.kept_back = self._show_kept
        layer.editable = not interpretation.read_only
        layer.brush_size = BRUSH_SIZE
        layer.events.selected_label.connect(self._on_chosen)
        layer.events.paint.connect(self._end_circle)
        self._bind_keys(layer)
        self._select(layer)

    def disconnect(self) -> None:
        """Listen to the viewer no more."""
        self._let_go()
        callbacks = self._viewer.mouse_drag_callbacks, self._viewer.mouse_move_callbacks
        for known, ours in zip(callbacks, (self._stroke, self._go_round), strict=True):
            if ours in known:
                known.remove(ours)

    def choose(self, code: int) -> None:
        """Take the brush to a class, if the legend has it."""
        layer = self._layer
        if layer is None or code not in self._codes():
            return
        self._viewer.layers.selection.active = layer
        layer.selected_label = code
        if layer.editable and layer.mode not in ("paint", "fill", "polygon"):
            layer.mode = "paint"

    def choose_row(self, row: int) -> None:
        """Take the brush to the class in this row of the legend, from 1, if there is one."""
        for code in self._codes()[row - 1 : row]:
            self.choose(code)

    def leave_removed(self) -> None:
        """Take the brush to the last class if the legend lacks the one that it has."""
        codes = self._codes()
        if self.layer is not None and codes and self.code not in codes:
            self.layer.selected_label = codes[-1]

    def undo(self) -> None:
        """Take the last edit back, whichever tool made it."""
        self._go("can_undo", "undo")

    def redo(self) -> None:
        """Do again what was undone last."""
        self._go("can_redo", "redo")

    def _go(self, can: str, act: str) -> None:
        if self._interpretation is None or getattr(self._interpretation, can) is None:
            return
        with refusals_told():
            getattr(self._interpretation, act)()

    def _stroke(self, viewer: ViewerModel, event: Any) -> Iterator[None]:
        """Make one edit of what is drawn until the button is released."""
        self._end_stroke()
        if not self._draws():
            return
        assert self._interpretation is not None
        self._interpretation.begin(*self._tool())
        self._stroking, encircles = True, event.button == _RIGHT
        yield
        while event.type == "mouse_move":
            yield
        if encircles:
            self._encircling = True
            self._end_later()
        else:
            self._end_stroke()

    def _go_round(self, viewer: ViewerModel, event: Any) -> None:
        """Let what is encircled be one edit, unless the mouse rests."""
        if self._encircling:
            self._end_later()

    def _end_circle(self, event: Any = None) -> None:
        if self._encircling:
            self._end_stroke()

    def _show_kept(self) -> None:
        """Show that labels of a locked class stayed: napari drew over them."""
        if self._layer is not None:
            self._layer.refresh(thumbnail=False, highlight=False, extent=False)

    def _end_stroke(self) -> None:
        if self._stroking and self._interpretation is not None:
            self._interpretation.finish()
        self._stroking = self._encircling = False

    def _draws(self) -> bool:
        layer, active = self._layer, self._viewer.layers.selection.active
        if layer is None or self._interpretation is None or self._interpretation.read_only:
            return False
        # Equal, not the same: a plugin's viewer hands out wrapped layers.
        return active == layer and str(layer.mode) in _STROKES

    def _tool(self) -> tuple[str, str]:
        """Return the tool in hand, and what it would do, for the time line."""
        if self._layer is None or self._interpretation is None:
            return "Edit", ""
        mode, code = str(self._layer.mode), int(self._layer.selected_label)
        legend = self._interpretation.project.legend
        named = mode != "erase" and 1 <= code <= legend.n_classes
        parts = (legend[code].name if named else "", self._where())
        return TOOLS.get(mode, "Edit"), ", ".join(filter(None, parts))

    def _bind_keys(self, layer: Labels) -> None:
        for keys, act in ((UNDO, self.undo), (REDO, self.redo)):
            layer.bind_key(keys, lambda _, act=act: act(), overwrite=True)

    def _codes(self) -> Order:
        """Return the classes from top to bottom."""
        return () if self._interpretation is None else self._interpretation.project.legend.codes

    def _select(self, layer: Labels) -> None:
        """Make the layer the active one, unless another overlay of the survey is."""
        active, own = self._viewer.layers.selection.active, tag_of(layer)
        tag = tag_of(active) if active is not None else None
        if tag is None or own is None or tag.survey != own.survey or tag.role is Role.AMPLITUDE:
            self._viewer.layers.selection.active = layer

    def _let_go(self) -> None:
        self._end_stroke()
        if self._layer is not None:
            self._layer.events.selected_label.disconnect(self._on_chosen)
            self._layer.events.paint.disconnect(self._end_circle)
        self._layer = self._interpretation = None

    def _on_chosen(self, event: Any = None) -> None:
        self._chosen()
