"""Sees to it that edits reach the disk: says when it does not take them, and tries again.

Looks after each edit until the files have it.  Knows no Qt: `Timing` brings the timers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from napari.utils.notifications import show_info, show_warning

from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.viewer.timing import Wrap, at_once

RETRY_S = 2.0
SAVED_AGAIN = "Every edit is saved again."


class SavingWatch:
    """Follows the edits of the survey that is open.

    Parameters
    ----------
    changed : callable
        Called when `trouble` is another one.
    later : callable
        Wraps a call so that it runs once, a moment after the last of several.

    Attributes
    ----------
    trouble : str
        Why edits are not on the disk, and what to do; empty where they are, or soon will be.
    """

    def __init__(self, changed: Callable[[], Any], later: Wrap = at_once) -> None:
        self.trouble = ""
        self._changed = changed
        self._interpretation: Interpretation | None = None
        self._looking = False
        self._tried = 0.0
        self._look_soon = later(self._look)

    def follow(self, interpretation: Interpretation | None) -> None:
        """Turn to the edits of a survey; None: to none."""
        if self._interpretation is not None:
            self._interpretation.edited.disconnect(self._on_edited, missing_ok=True)
            self._interpretation.troubled.disconnect(self._tell, missing_ok=True)
        self._interpretation, self.trouble = interpretation, ""
        if interpretation is not None:
            interpretation.edited.connect(self._on_edited)
            interpretation.troubled.connect(self._tell)
        self._look()

    def _on_edited(self, event: object = None) -> None:
        self._look_soon()

    def _look(self) -> None:
        """Tell what there is to tell; look again while anything waits to be written."""
        kept = self._interpretation
        if kept is None or self._looking:
            return
        self._looking = True
        try:
            if kept.trouble and time.monotonic() > self._tried + RETRY_S:
                kept.try_again()
                self._tried = time.monotonic()
            self._tell(kept.trouble)
            if kept.trouble or kept.waits:
                self._look_soon()
        finally:
            self._looking = False

    def _tell(self, trouble: str) -> None:
        if trouble == self.trouble:
            return
        news, self.trouble = bool(trouble) != bool(self.trouble), trouble
        if news and trouble:
            show_warning(trouble)
        elif news:
            show_info(SAVED_AGAIN)
        self._changed()
