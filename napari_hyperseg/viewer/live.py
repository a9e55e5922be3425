"""Keeping the prediction on screen up to date while the worker fills its store.

Owns the question "does this block touch what is shown?".  Repaints only then, and no
oftener than the `throttle` it is given allows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napari.components import ViewerModel

from napari_hyperseg.jobs.events import BlockPredicted, Event, JobFinished, JobStarted
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.viewer.overlays import show_prediction
from napari_hyperseg.viewer.sections import line_index, shown_section
from napari_hyperseg.viewer.tags import Role, Tag, tag_of, tagged

Call = Callable[[], Any]


class LivePrediction:
    """Shows the stores that a worker fills, and repaints them where blocks were predicted.

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
        self._job: JobSpec | None = None
        self._stale: set[str] = set()
        self._repaint_soon = throttle(self.repaint)

    def launched(self, job: JobSpec) -> None:
        """Remember which stores the worker fills."""
        self._job = job

    def reported(self, event: Event, tag: Tag | None, legend: Legend) -> None:
        """Show what the worker tells of.

        Parameters
        ----------
        event : Event
        tag : Tag or None
            Of the survey that is open.
        legend : Legend
            Its colours.
        """
        if isinstance(event, BlockPredicted):
            self.block_predicted(event)
        elif isinstance(event, JobStarted) and tag is not None:
            self._show_store(tag, legend)
        elif isinstance(event, JobFinished):
            self.all_predicted()

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

    def _show_store(self, tag: Tag, legend: Legend) -> None:
        """Show the store that the worker has just made or opened."""
        for survey in self._job.surveys if self._job is not None else ():
            if survey.key == tag.survey and survey.prediction is not None:
                show_prediction(self._viewer, survey.prediction, legend, tag)

    def _shows(self, event: BlockPredicted) -> bool:
        layer = next(tagged(self._viewer.layers, Role.PREDICTION, event.survey), None)
        if layer is None:
            return False
        section = shown_section(self._viewer)
        if section is None:  # in 3D every repaint reads the whole volume: once a sweep
            return event.done >= event.total
        start, stop = event.box[section]
        return start <= line_index(self._viewer, layer, section) < stop
