"""Work in a thread of which only the newest matters, such as a preview while fields change.

Owns the thread and what is out of date.  Knows nothing of the work.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QObject

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.qt.event_loop import MainThread
from napari_hyperseg.qt.long_work import Cancelled, Progress

Work = Callable[[Progress], Any]


class Latest:
    """Does one piece of work at a time; one that is asked for later makes it out of date.

    Parameters
    ----------
    succeeded, failed : callable
        Called in the window's thread with the result of the newest work, or with the error.
    parent : QObject
        Nothing is called after it is gone.
    """

    def __init__(
        self,
        succeeded: Callable[[Any], None],
        failed: Callable[[HypersegError], None],
        parent: QObject,
    ) -> None:
        self._succeeded, self._failed = succeeded, failed
        self._thread = MainThread(parent)
        self._lock = threading.Lock()
        self._wanted: Work | None = None
        self._running = False
        self._closed = False
        self.at = (0, 0)

    def ask(self, work: Work) -> None:
        """Do this as soon as what is going on has noticed that it is out of date."""
        with self._lock:
            self._wanted = work
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._run, name="hyperseg preview", daemon=True).start()

    def close(self) -> None:
        """Want nothing any more."""
        self._closed = True

    def _run(self) -> None:
        while True:
            with self._lock:
                work, self._wanted = self._wanted, None
                if work is None or self._closed:
                    self._running = False
                    return
            self._do(work)

    def _do(self, work: Work) -> None:
        try:
            result = work(self._note)
        except Cancelled:
            return
        except HypersegError as error:
            self._deliver(self._failed, error)
        except Exception as error:  # noqa: BLE001  # the window's boundary
            self._deliver(self._failed, HypersegError(f"{type(error).__name__}: {error}"))
        else:
            self._deliver(self._succeeded, result)

    def _deliver(self, call: Callable[[Any], None], argument: Any) -> None:
        """Call with the outcome of the newest work, when no other is asked for meanwhile."""

        def in_time() -> None:
            if self._wanted is None and not self._closed:
                call(argument)

        self._thread.deliver(in_time)

    def _note(self, done: int, total: int) -> None:
        self.at = (done, total)
        if self._wanted is not None or self._closed:
            raise Cancelled
