"""Tracking a horizon through the whole survey, from everything that is picked of it.

Owns what goes into the job, and that its surface becomes an edit like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from napari.utils.notifications import show_info
from numpy.typing import NDArray
from psygnal import Signal

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.project.tracking import BackgroundTracking

if TYPE_CHECKING:
    from napari_hyperseg.viewer.picking import Picking
    from napari_hyperseg.viewer.survey_horizons import SurveyHorizons
    from napari_hyperseg.viewer.workspace import Workspace

NOTHING_PICKED = "{} has no picks yet: pick it on a section first."


@dataclass(frozen=True)
class TrackingState:
    """How the tracking stands, for a panel.

    Parameters
    ----------
    running : bool
    fraction : float
        Share that is done, 0 to 1.
    message : str
        One line for the user.
    """

    running: bool = False
    fraction: float = 0.0
    message: str = ""


class VolumeTracking:
    """Tracks the horizon that is picked.

    Parameters
    ----------
    workspace : Workspace
    horizons : SurveyHorizons
    picking : Picking
    job : BackgroundTracking

    Attributes
    ----------
    changed : Signal()
        `state` is another one.
    """

    changed = Signal()

    def __init__(
        self,
        workspace: Workspace,
        horizons: SurveyHorizons,
        picking: Picking,
        job: BackgroundTracking,
    ) -> None:
        self._workspace, self._horizons, self._picking = workspace, horizons, picking
        self._job = job
        job.changed.connect(self.changed.emit)
        job.tracked.connect(self._take)

    def close(self) -> None:
        """Listen no more; a job that runs is stopped."""
        self._job.changed.disconnect(self.changed.emit, missing_ok=True)
        self._job.tracked.disconnect(self._take, missing_ok=True)
        self._job.close()

    @property
    def state(self) -> TrackingState:
        """How it stands."""
        state = self._job.state
        return TrackingState(state.running, state.fraction, state.message)

    def start(self) -> None:
        """Track the horizon that is picked.

        Raises
        ------
        LabelError
            If it has no picks.
        """
        name, tag, project = self._picking.horizon, self._horizons.tag, self._workspace.project
        if not name or tag is None or project is None:
            return
        times = self._horizons.picks(name).times
        if not np.isfinite(times).any():
            raise LabelError(NOTHING_PICKED.format(name))
        entry = next(entry for entry in self._horizons.entries if entry.name == name)
        options = TrackingOptions(
            event=Event(entry.event), threshold=self._picking.options.threshold
        )
        self._job.track(project, tag.survey, name, times, options)

    def toggle(self) -> None:
        """Track, or stop where that is being done; raises as `start` does."""
        if self.state.running:
            self.stop()
        else:
            self.start()

    def stop(self) -> None:
        """Track no further; nothing is changed."""
        self._job.stop()

    def _take(
        self,
        key: str,
        name: str,
        surface: NDArray[np.float32],
        confidence: NDArray[np.float32],
    ) -> None:
        """Keep the surface, if its survey is still open."""
        tag = self._horizons.tag
        if tag is None or tag.survey != key or not np.isfinite(surface).any():
            return
        self._horizons.take_surface(name, surface, confidence)
        share = np.isfinite(surface)[tag.geometry.live_mask].mean()
        show_info(f"{name} is tracked on {share:.0%} of the survey.")
