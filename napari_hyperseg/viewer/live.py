"""Keeping the prediction on screen up to date while the worker fills its store.

Owns the question "does this block touch what is shown?".  Repaints only then, and no
oftener than the `throttle` it is given allows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napari.components import ViewerModel

from napari_hyperseg.jobs.events import BlockPredicted
from napari_hyperseg.viewer.sections import line_index, shown_section
from napari_hyperseg.viewer.tags import Role, tag_of, tagged

Call = Callable[[], Any]


class LivePrediction:
    """Repaints the prediction and confidence layers where blocks were predicted.

    Parameters
    ----------
    viewer : ViewerModel
        Whose layers to repaint.
    throttle : callable, optional
        Wraps the repainting so that a burst of calls runs it a few times only.
    """

    def __init__(
        self, viewer: ViewerModel, throttle: Callable[[Call], Call] = lambda call: call
    ) -> None:
        self._viewer = viewer
        self._stale: set[str] = set()
        self._repaint_soon = throttle(self.repaint)

    def block_predicted(self, event: BlockPredicted) -> None:
        """Repaint soon if the block is on screen."""
        if self._shows(event):
            self._stale.add(event.survey)
            self._repaint_soon()

    def all_predicted(self) -> None:
        """Repaint every prediction: the worker has written its last block."""
        for layer in tagged(self._viewer.layers, Role.PREDICTION):
            tag = tag_of(layer)
            if tag is not None:
                self._stale.add(tag.survey)
        self.repaint()

    def repaint(self) -> None:
        """Read again what is on screen of the surveys that changed."""
        stale, self._stale = self._stale, set()
        for survey in stale:
            for role in (Role.PREDICTION, Role.CONFIDENCE):
                for layer in tagged(self._viewer.layers, role, survey):
                    layer.refresh(thumbnail=False, highlight=False, extent=False)

    def _shows(self, event: BlockPredicted) -> bool:
        layer = next(tagged(self._viewer.layers, Role.PREDICTION, event.survey), None)
        if layer is None:
            return False
        section = shown_section(self._viewer)
        if section is None:  # in 3D every repaint reads the whole volume: once a sweep
            return event.done >= event.total
        start, stop = event.box[section]
        return start <= line_index(self._viewer, layer, section) < stop
