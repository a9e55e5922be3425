"""Showing what of the prediction on screen is older than the labels: it is hatched.

Owns the marks on the canvas, and that the session is told how much of it there is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari.layers import Layer

from napari_hyperseg.jobs.events import BlockPredicted, Event, JobFinished, JobStarted
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.labels.editing.tree import RevisionTree
from napari_hyperseg.learn.origins import Origin, Origins, read_origins
from napari_hyperseg.project.label_age import is_out_of_date, outdated_boxes, outdated_share
from napari_hyperseg.project.window_events import PredictionAged
from napari_hyperseg.project.wording import maker_text
from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.viewer.hatching import Rectangle, hatching
from napari_hyperseg.viewer.horizon_lines import Segments, ribbons
from napari_hyperseg.viewer.layers import store_of
from napari_hyperseg.viewer.section_ribbons import Canvas, SectionRibbons
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.timing import Timing

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

NAME, COLOR = "older than the labels", "#ffffff"
_OPACITY, _WIDTH_PX, _SPACING_PX = 0.55, 1.2, 22.0


class PredictionAge:
    """Marks the boxes that were predicted before labels changed.

    Parameters
    ----------
    workspace : Workspace
        Whose prediction.
    timing : Timing
        The event loop's timers.
    """

    def __init__(self, workspace: Workspace, timing: Timing) -> None:
        self._workspace = workspace
        self._ribbons = SectionRibbons(
            workspace.viewer, NAME, (COLOR,), self._draw, timing.throttle, _OPACITY
        )
        self._store: Path | None = None
        self._layer: Layer | None = None
        self._origins = Origins()
        self._outdated: tuple[Box, ...] = ()
        self._seen: object = None
        self._filled: dict[str, Path] = {}
        self._look_soon = timing.throttle(self._look)
        model = workspace.model
        self._emitters: tuple[tuple[Any, Callable[..., None]], ...] = (
            (workspace.changed, self._on_changed),
            (workspace.models.changed, self._on_changed),
            (model.launched, self._on_launched),
            (model.reported, self._on_reported),
        )
        for emitter, callback in self._emitters:
            emitter.connect(callback)

    def text(self, i: int, j: int, k: int) -> str:
        """Say how a voxel on screen was predicted: "prediction as tracked, step 12"."""
        origin = self._origins.at(i, j, k) if self._visible else None
        interpretation = self._workspace.interpretation
        if origin is None or interpretation is None:
            return ""
        older = ", older than the labels" * is_out_of_date(interpretation.tree, origin.revision)
        return f"prediction {maker_text(origin.balance)}, step {origin.step}{older}"

    def close(self) -> None:
        """Listen no more, and mark nothing."""
        self.disconnect()
        self._ribbons.hide()

    def disconnect(self) -> None:
        """Listen no more; the marks stay."""
        for emitter, callback in self._emitters:
            emitter.disconnect(callback)
        self._emitters = ()
        self._follow(None)

    def _on_changed(self) -> None:
        self._look_soon()

    def _on_layer(self, event: Any = None) -> None:
        self._look_soon()

    def _on_launched(self, job: JobSpec) -> None:
        self._filled = {one.key: one.prediction for one in job.surveys if one.prediction}

    def _on_reported(self, event: Event) -> None:
        if isinstance(event, BlockPredicted):
            if self._store is not None and self._filled.get(event.survey) == self._store:
                self._origins.add(event.box, Origin(event.step, event.revision, event.balance))
            self._look_soon()
        elif isinstance(event, JobStarted | JobFinished):
            self._store = None  # to be read again
            self._look_soon()

    def _look(self) -> None:
        """Mark what is to be marked, and tell the session, if that is another than before."""
        if not self._emitters:  # a late call: the window may be gone
            return
        self._follow(self._workspace.layer(Role.PREDICTION))
        interpretation, store = self._workspace.interpretation, store_of(self._layer)
        if store is None or interpretation is None:
            store, self._origins = None, Origins()
        elif store != self._store:
            self._origins = read_origins(store, interpretation.shape)
        self._store = store
        position = None if interpretation is None else interpretation.position
        seen = (store, self._visible, self._origins, self._origins.changes, position)
        if seen != self._seen:
            self._seen = seen
            self._take(RevisionTree() if interpretation is None else interpretation.tree)

    def _take(self, revisions: RevisionTree) -> None:
        self._outdated = tuple(outdated_boxes(self._origins, revisions))
        self._mark()
        share = outdated_share(self._origins, revisions)
        if share != self._workspace.model.session.outdated:
            self._workspace.model.receive(PredictionAged(share))

    def _mark(self) -> None:
        tag, labels = self._workspace.tag, self._workspace.layer(Role.LABELS)
        if not self._outdated or not self._visible or tag is None:
            self._ribbons.hide()
            return
        layers = self._workspace.viewer.layers
        self._ribbons.show(tag, None if labels is None else layers.index(labels))

    @property
    def _visible(self) -> bool:
        return self._layer is not None and self._layer.visible

    def _follow(self, layer: Layer | None) -> None:
        """Listen to the layer of the prediction on screen."""
        if layer is self._layer:
            return
        if self._layer is not None:
            self._layer.events.visible.disconnect(self._on_layer)
        self._layer = layer
        if layer is not None:
            layer.events.visible.connect(self._on_layer)

    def _draw(self, canvas: Canvas) -> tuple[Segments, ...]:
        cut = (_on(box, canvas) for box in self._outdated)
        lines = hatching(
            (one for one in cut if one is not None), canvas.scale, _SPACING_PX / canvas.zoom
        )
        return (ribbons(lines, canvas.scale, _WIDTH_PX / canvas.zoom),)


def _on(box: Box, canvas: Canvas) -> Rectangle | None:
    """Where the section cuts a box."""
    start, stop = box[canvas.section]
    down, right = canvas.axes
    return (box[down], box[right]) if start <= canvas.at < stop else None
