"""When the map of a boundary's confidence is computed: in a thread, one at a time.

A map that is asked for while another is computed begins after it: while training goes on, each
is finished, however often scores come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from qtpy.QtCore import QObject

from napari_hyperseg.labels.order import Order
from napari_hyperseg.project.boundary_maps import BoundaryMap, boundary_maps
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.predictions import open_prediction
from napari_hyperseg.qt.background import Background
from napari_hyperseg.qt.long_work import Cancelled
from napari_hyperseg.qt.quality_horizons import HorizonsPage
from napari_hyperseg.viewer.sections import go_to_place, place_of
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.workspace import Workspace

_COMPUTING = "Reading the prediction ..."


@dataclass(frozen=True)
class _Wanted:
    """What a map is of, and how new it has to be."""

    survey: str
    model: str
    order: Order
    boundary: int
    scored_step: int
    running: bool


class QualityMap:
    """Computes maps of the open survey's prediction and shows them on a page.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    owner : QObject
        Nothing is shown after it is gone.
    """

    def __init__(self, workspace: Workspace, owner: QObject) -> None:
        self._workspace = workspace
        self._background = Background(owner)
        self._wanted: _Wanted | None = None
        self._busy = False
        self._found: BoundaryMap | None = None

    def show_on(self, page: HorizonsPage) -> None:
        """Take the page."""
        self._page = page

    def display(self, boundary: int, scored_step: int) -> None:
        """Show this boundary as it is predicted now; 0: none."""
        wanted = self._now(boundary, scored_step)
        if wanted == self._wanted:
            return
        before, self._wanted = self._wanted, wanted
        if wanted is None:
            self._show(None, "There is no boundary to map.")
            return
        if before is None or (before.survey, before.boundary) != (wanted.survey, boundary):
            self._show(None, _COMPUTING)
        if not self._busy:
            self._begin(wanted)

    def go_to(self, i: int, j: int) -> None:
        """Move the viewer to a trace, and to where the boundary is on it."""
        layer = self._workspace.layer(Role.AMPLITUDE)
        if layer is None or self._found is None:
            return
        sample = float(self._found.samples[i, j])
        k = sample if np.isfinite(sample) else place_of(self._workspace.viewer, layer)[2]
        go_to_place(self._workspace.viewer, layer, (i, j, round(k)))

    def let_go(self) -> None:
        """Wait for nothing any more."""
        self._background.close()

    def _now(self, boundary: int, scored_step: int) -> _Wanted | None:
        session = self._workspace.model.session
        if not boundary or session.survey is None or session.model is None:
            return None
        order = self._workspace.legend.codes
        running = session.phase.running
        return _Wanted(session.survey, session.model, order, boundary, scored_step, running)

    def _begin(self, wanted: _Wanted) -> None:
        project = self._workspace.model.project
        assert project is not None
        self._busy = True
        work = _work(project, wanted, lambda: self._background.closed)
        self._background.submit(
            work,
            lambda found: self._end(wanted, found, ""),
            lambda why: self._end(wanted, None, why),
        )

    def _end(self, wanted: _Wanted, found: BoundaryMap | None, why: str) -> None:
        self._busy = False
        now = self._wanted
        if now is None:
            return
        if (now.survey, now.boundary) == (wanted.survey, wanted.boundary):
            self._show(found, why)
        if now != wanted and self._workspace.model.project is not None:
            self._begin(now)

    def _show(self, found: BoundaryMap | None, why: str) -> None:
        self._found = found
        self._page.show_map(found, self._workspace.geometry, why)


def _work(
    project: Project, wanted: _Wanted, closed: Callable[[], bool]
) -> Callable[[], BoundaryMap]:
    def check(done: int, total: int) -> None:
        if closed():
            raise Cancelled

    def work() -> BoundaryMap:
        prediction = open_prediction(project, wanted.survey, wanted.model)
        (found,) = boundary_maps(prediction, wanted.order, [wanted.boundary], check)
        return found

    return work
