"""What the keys of horizons do: what the buttons do, and what is refused is told.

Owns the calls for the table of keys; `Picking` and `VolumeTracking` do the work.
"""

from __future__ import annotations

from napari.utils.notifications import show_info

from napari_hyperseg.viewer.picking import Picking
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.volume_tracking import VolumeTracking

NOT_IN_HAND = "Shift+Delete erases a line while the picking tool is in hand: press H first."


class HorizonKeys:
    """Calls for keys.

    Parameters
    ----------
    picking : Picking
    tracking : VolumeTracking
    """

    def __init__(self, picking: Picking, tracking: VolumeTracking) -> None:
        self._picking, self._tracking = picking, tracking

    def pick(self) -> None:
        """Take the tool up, or put it away."""
        with refusals_told():
            self._picking.toggle()

    def track_line(self) -> None:
        """Track the section in view."""
        with refusals_told():
            self._picking.track()

    def track_volume(self) -> None:
        """Track the survey; stop where that is being done."""
        with refusals_told():
            self._tracking.toggle()

    def erase_line(self) -> None:
        """Erase the horizon on the section in view; only while it is picked, not by mistake."""
        if self._picking.in_hand:
            with refusals_told():
                self._picking.erase_section()
        else:
            show_info(NOT_IN_HAND)

    def next(self) -> None:
        """Turn to the next horizon in the list."""
        self._picking.step(1)

    def previous(self) -> None:
        """Turn to the previous horizon in the list."""
        self._picking.step(-1)
