"""Showing a survey as it was after any edit, without changing anything.

Owns that layers show that state, that nobody can change the survey meanwhile, and that the
present comes back exactly.  What the state is, is the project's `Past`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from napari.layers import Labels
from psygnal import Signal

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.labels.editing.volume import LabelVolume
from napari_hyperseg.project.interpretation import FACIES, Interpretation
from napari_hyperseg.project.noted import HORIZONS, LEGEND
from napari_hyperseg.project.past import REASON, Past
from napari_hyperseg.project.picks import KINDS, TIMES
from napari_hyperseg.project.time_line import Moment, looking_text, time_line
from napari_hyperseg.viewer.overlays import recolour
from napari_hyperseg.viewer.tags import Role, tag_of

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

SUSPENDED = f"{REASON} at another time; close the time line, or go back to there, first"


class LookingBack:
    """The state of the open survey that is looked at, if it is not the present one.

    Parameters
    ----------
    workspace : Workspace
        What is open.

    Attributes
    ----------
    notice : str
        What is looked at, as a line for the user; empty at present.
    changed : Signal()
        Another state is looked at.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._interpretation: Interpretation | None = None
        self._layer: Labels | None = None
        self._past: Past | None = None
        self._mode = ""
        self.notice = ""
        workspace.changed.connect(self._follow)

    @property
    def number(self) -> int | None:
        """Number of the revision that is shown; None without a survey."""
        if self._past is not None:
            return self._past.number
        interpretation = self._workspace.interpretation
        return None if interpretation is None else interpretation.position

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All states of the open survey that are kept."""
        interpretation = self._workspace.interpretation
        if interpretation is None:
            return ()
        return time_line(interpretation.revisions, interpretation.position, interpretation.onward)

    def look(self, moment: Moment) -> None:
        """Show the survey as it was.

        Raises
        ------
        LabelError
            If the way there is no longer kept; then the present is shown.
        """
        interpretation = self._workspace.interpretation
        if interpretation is None or moment.number == self.number:
            return
        if moment.number == interpretation.position:
            self.leave()
            return
        try:
            past = self._past or self._begin(interpretation)
            targets = past.move(moment.number)
            self.notice = looking_text(moment, time.time())
            self._show(past, targets)
        except HypersegError:
            self.leave()
            raise
        self._tell()

    def leave(self) -> None:
        """Show the present again; the survey can be changed as before."""
        interpretation, past = self._interpretation, self._past
        if interpretation is None or past is None:
            return
        self._interpretation = self._past = None
        self.notice = ""
        interpretation.resume()
        if self._layer is not None:
            self._give(self._layer, interpretation.facies, editable=not interpretation.read_only)
            self._layer.mode = self._mode
            tag = tag_of(self._layer)
            if tag is not None:
                recolour(self._workspace.viewer, interpretation.project.legend, tag.survey)
        self._layer = None
        self._workspace.horizons.look(None)
        self._tell()

    def go_back(self) -> None:
        """Make the state that is looked at the present one; the time line leads back from it.

        Raises
        ------
        LabelError
            If nothing can be changed.
        """
        interpretation, number = self._interpretation, self.number
        if interpretation is not None and number is not None:
            self.leave()
            interpretation.go_to(number)

    def forget(self) -> None:
        """Look no more, and draw nothing: the window is gone."""
        if self._interpretation is not None:
            self._interpretation.resume()
        self._interpretation = self._past = self._layer = None

    def close(self) -> None:
        """Show the present, and follow no more."""
        self._workspace.changed.disconnect(self._follow)
        self.leave()

    def _begin(self, interpretation: Interpretation) -> Past:
        layer = self._workspace.layer(Role.LABELS)
        interpretation.suspend(SUSPENDED)
        self._interpretation, self._past = interpretation, Past(interpretation)
        self._layer = layer if isinstance(layer, Labels) else None
        if self._layer is not None:
            self._mode = str(self._layer.mode)
            self._give(self._layer, self._past.facies, editable=False)
        return self._past

    def _show(self, past: Past, targets: frozenset[str]) -> None:
        """Show what may be another one than it was shown as."""
        tag = tag_of(self._layer) if self._layer is not None else None
        if self._layer is not None and FACIES in targets:
            self._layer.refresh(thumbnail=False, highlight=False, extent=False)
            self._layer.events.data(value=self._layer.data)  # other views of it draw again
        if tag is not None and LEGEND in targets:
            recolour(self._workspace.viewer, past.project.legend, tag.survey)
        if any(target.partition("/")[0] in (HORIZONS, TIMES, KINDS) for target in targets):
            self._workspace.horizons.look(past.horizons)

    def _give(self, layer: Labels, volume: LabelVolume, *, editable: bool) -> None:
        layer.data = volume
        layer.editable = editable  # napari takes any new array for one that can be painted

    def _follow(self) -> None:
        """Look no more when another survey is opened, or the labels are removed."""
        if self._past is None:
            return
        other = self._workspace.interpretation is not self._interpretation
        if other or self._workspace.layer(Role.LABELS) is not self._layer:
            self.leave()

    def _tell(self) -> None:
        self.changed.emit()
        self._workspace.changed.emit()
