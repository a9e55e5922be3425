"""The one adapter between napari's label events and "the labels changed".

The only place that knows how napari tells of an edit: paint, fill, polygon and
`data_setitem` send ``paint``; undo, redo and a refresh after a programmatic edit send only
``set_data``, which also comes with every move to another section.  So ``set_data`` counts
when the viewer has not moved since the last one.  napari sends ``paint`` just before it writes
an edit that is not part of a stroke; what listens should therefore act a moment later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napari.components import ViewerModel
from napari.layers import Labels

Call = Callable[[], Any]


class LabelEvents:
    """Calls `changed` after edits of a labels layer.

    Parameters
    ----------
    viewer : ViewerModel
        The layer's viewer.
    layer : Labels
        The layer that is edited.
    changed : callable
        Called without arguments, after every edit or, with `debounce`, after several.
    debounce : callable, optional
        Wraps `changed` so that it runs once after a burst of calls.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        layer: Labels,
        changed: Call,
        debounce: Callable[[Call], Call] = lambda call: call,
    ) -> None:
        self._viewer = viewer
        self.layer = layer
        self._changed = debounce(changed)
        self._place = self._where()
        layer.events.paint.connect(self._on_paint)
        layer.events.set_data.connect(self._on_set_data)
        layer.events.visible.connect(self._on_visible)

    def disconnect(self) -> None:
        """Listen no more."""
        self.layer.events.paint.disconnect(self._on_paint)
        self.layer.events.set_data.disconnect(self._on_set_data)
        self.layer.events.visible.disconnect(self._on_visible)

    def _on_paint(self, event: Any = None) -> None:
        self._changed()

    def _on_set_data(self, event: Any = None) -> None:
        before, self._place = self._place, self._where()
        if self._place == before:
            self._changed()

    def _on_visible(self, event: Any = None) -> None:
        self._place = self._where()

    def _where(self) -> tuple[Any, ...]:
        dims, layer = self._viewer.dims, self.layer
        return (dims.point, dims.order, dims.ndisplay, layer.visible)
