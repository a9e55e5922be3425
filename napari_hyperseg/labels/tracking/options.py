"""What can be chosen for a tracking."""

from __future__ import annotations

from dataclasses import dataclass

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.tracking.events import Event


@dataclass(frozen=True)
class TrackingOptions:
    """How a horizon is followed.

    Parameters
    ----------
    event : Event
        What the horizon lies on.
    window : int
        Waveforms of so many samples above and below the horizon are compared.
    search : int
        Samples that the horizon may lie above or below where it is expected: beyond the picks
        where its dip leads to, between two picks on either side of what leads there.
    jump_cost : float
        What a departure of one sample from one trace to the next costs, in units of
        correlation.
    threshold : float
        Beyond the picks, tracking stops where it stays less sure than this, 0 to 1.
    snap_window : float
        Farthest distance, in samples, at which the event is looked for.
    reach : int or None
        Traces that are tracked beyond the outermost picks; None: to the end of the line.

    Raises
    ------
    LabelError
        If a value makes no sense.
    """

    event: Event = Event.PEAK
    window: int = 12
    search: int = 6
    jump_cost: float = 0.15
    threshold: float = 0.5
    snap_window: float = 2.0
    reach: int | None = None

    def __post_init__(self) -> None:
        _check("window", self.window, 2, 200)
        _check("search", self.search, 1, 50)
        _check("jump cost", self.jump_cost, 0, 100)
        _check("threshold", self.threshold, -1, 1)
        _check("snap window", self.snap_window, 0, 50)
        if self.reach is not None:
            _check("reach", self.reach, 0, 10**9)


def _check(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise LabelError(f"A {name} of {value} cannot be tracked with: choose {least} to {most}.")
