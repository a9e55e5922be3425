"""What the rest needs of Qt's event loop: calls into its thread, and timers.

Owns threads and timers of the window.  Knows nothing of what is called.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QObject, Qt, QTimer, Signal

from napari_hyperseg.viewer.timing import Call, Timing

logger = logging.getLogger(__name__)

SOON_MS = 0
THROTTLE_MS = 100
DEBOUNCE_MS, REST_MS = 400, 2000


class MainThread(QObject):
    """Runs calls in the thread that made this object, one after the other."""

    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked.connect(_run, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], Any]) -> None:
        """Run `call` soon; from any thread.  When the window is gone, it is dropped."""
        try:
            self._asked.emit(call)
        except RuntimeError:
            logger.debug("A call came after the window had closed.")


def qt_timing(parent: QObject) -> Timing:
    """Return timers that live as long as `parent`."""
    return Timing(
        soon=lambda call: _spread(parent, call, SOON_MS, restart=False),
        debounce=lambda call: _spread(parent, call, DEBOUNCE_MS, restart=True),
        rest=lambda call: _spread(parent, call, REST_MS, restart=True),
        throttle=lambda call: _spread(parent, call, THROTTLE_MS, restart=False),
    )


def _spread(parent: QObject, call: Call, interval_ms: int, *, restart: bool) -> Call:
    """Return a function that starts a timer, at whose end `call` runs once."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(call)

    def ask() -> None:
        if restart or not timer.isActive():
            timer.start()

    return ask


def _run(call: Callable[[], Any]) -> None:
    call()
