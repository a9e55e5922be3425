"""The labels layer that is painted into: its brush, its class, and word of its edits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napari.components import ViewerModel
from napari.layers import Labels, Layer

from napari_hyperseg.labels.order import Order
from napari_hyperseg.viewer.label_events import LabelEvents
from napari_hyperseg.viewer.tags import Role, tag_of
from napari_hyperseg.viewer.timing import Timing

KEYS = "123456789"
BRUSH_SIZE = 12


class Painting:
    """Follows the labels of the survey that is open.

    Parameters
    ----------
    viewer : ViewerModel
    timing : Timing
        The event loop's timers.
    edited : callable
        Told the survey's key after edits.
    chosen : callable
        Called when another class is chosen.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        timing: Timing,
        edited: Callable[[str], Any],
        chosen: Callable[[], Any],
    ) -> None:
        self._viewer, self._timing = viewer, timing
        self._edited, self._chosen = edited, chosen
        self._edits: LabelEvents | None = None
        self._codes: Callable[[], Order] = tuple

    @property
    def layer(self) -> Labels | None:
        """The layer."""
        return self._edits.layer if self._edits is not None else None

    @property
    def code(self) -> int | None:
        """The class to paint with."""
        return None if self.layer is None else int(self.layer.selected_label)

    def follow(
        self, layer: Layer | None, survey: str = "", codes: Callable[[], Order] = tuple
    ) -> None:
        """Turn to the labels of a survey, whose legend has these classes; None: to none."""
        self._let_go()
        if not isinstance(layer, Labels):
            return
        self._codes = codes
        self._edits = LabelEvents(
            self._viewer, layer, lambda: self._edited(survey), self._timing.debounce
        )
        layer.brush_size = BRUSH_SIZE
        layer.events.selected_label.connect(self._on_chosen)
        for key in KEYS:
            layer.bind_key(key, self._chooser(int(key)), overwrite=True)
        self._select(layer, survey)

    def choose(self, code: int) -> None:
        """Take the brush to a class, if the legend has it."""
        layer = self.layer
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

    def _select(self, layer: Labels, survey: str) -> None:
        """Make the layer the active one, unless another overlay of the survey is."""
        active = self._viewer.layers.selection.active
        tag = tag_of(active) if active is not None else None
        if tag is None or tag.survey != survey or tag.role is Role.AMPLITUDE:
            self._viewer.layers.selection.active = layer

    def _let_go(self) -> None:
        if self._edits is not None:
            self._edits.layer.events.selected_label.disconnect(self._on_chosen)
            self._edits.disconnect()
            self._edits = None

    def _on_chosen(self, event: Any = None) -> None:
        self._chosen()

    def _chooser(self, row: int) -> Callable[[Labels], None]:
        def choose_class_by_key(layer: Labels) -> None:
            self.choose_row(row)

        choose_class_by_key.__doc__ = f"Paint with the class in row {row} of the legend"
        return choose_class_by_key
