"""Work in a thread, its result in the window's; for what would freeze the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from napari.utils.notifications import show_error
from qtpy.QtCore import QObject

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.qt.event_loop import MainThread

logger = logging.getLogger(__name__)


class Background:
    """One thread, whose results come back while the owner lives.

    Parameters
    ----------
    owner : QObject
        When it is destroyed, what has not begun is dropped.
    """

    def __init__(self, owner: QObject) -> None:
        self._thread = MainThread(owner)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hyperseg-window")
        self._closed = False
        owner.destroyed.connect(lambda: self.close())

    @property
    def closed(self) -> bool:
        """Whether nobody waits for results any more; long work asks this."""
        return self._closed

    def submit(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[str], object] = show_error,
    ) -> None:
        """Run `work` in the thread, then `done` with its result, or `failed` with a message."""
        if self._closed:
            return
        future = self._pool.submit(work)
        future.add_done_callback(
            lambda ended: self._thread.deliver(lambda: self._finish(ended, done, failed))
        )

    def close(self) -> None:
        """Wait for nothing any more."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _finish(
        self, ended: Future, done: Callable[[Any], None], failed: Callable[[str], object]
    ) -> None:
        if self._closed or ended.cancelled():
            return
        error = ended.exception()
        if error is None:
            done(ended.result())
        elif isinstance(error, HypersegError):
            failed(str(error))
        else:
            logger.error("Work in the background failed", exc_info=error)
            failed(f"{type(error).__name__}: {error}")
