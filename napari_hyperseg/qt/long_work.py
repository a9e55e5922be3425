"""Work that takes long, in a thread, while the window lives and shows how far it is.

Owns thread, waiting and Cancel.  Knows nothing of the work, except that it tells its progress.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from qtpy.QtCore import QEventLoop, QTimer
from qtpy.QtWidgets import QWidget

from napari_hyperseg.qt.progress_dialog import ProgressDialog

Result = TypeVar("Result")
Progress = Callable[[int, int], None]

AT_ONCE_S = 0.02  # work as short as that needs no event loop
SILENT_S = 0.5  # before a dialog is shown
POLL_MS = 20


class Cancelled(Exception):  # noqa: N818  # no error: the user wants the result no more
    """Cancel was pressed, or the application is ending."""


def in_thread(work: Callable[[Progress], Result], title: str, parent: QWidget | None) -> Result:
    """Do work in a thread and return what it returns; the window draws itself meanwhile.

    Parameters
    ----------
    work : callable
        Takes a function that is told how many of how many traces are done; once the result is
        not wanted any more, that function raises `Cancelled`.
    title : str
        What is going on, such as "Reading trace headers of line.sgy".
    parent : QWidget or None
        Over which the progress is shown.

    Raises
    ------
    Cancelled
        If the user did not want to wait.  What was begun ends by itself, and is forgotten.
    Exception
        What the work raises.
    """
    errand = _Errand(work)
    if not errand.ended_within(AT_ONCE_S):
        _wait(errand, title, parent)
    return errand.result()


class _Errand(Generic[Result]):
    """The thread's side: runs the work, and keeps what comes of it."""

    def __init__(self, work: Callable[[Progress], Result]) -> None:
        self._work = work
        self._outcome: list[Result] = []
        self._error: BaseException | None = None
        self._unwanted = threading.Event()
        self._ended = threading.Event()
        self.at = (0, 0)
        self.started = time.monotonic()
        threading.Thread(target=self._run, name="hyperseg long work", daemon=True).start()

    def ended_within(self, seconds: float) -> bool:
        return self._ended.wait(seconds)

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def give_up(self) -> None:
        self._unwanted.set()

    def result(self) -> Result:
        if not self.ended:
            self.give_up()
            raise Cancelled
        if self._error is not None:
            raise self._error
        return self._outcome[0]

    def _note(self, done: int, total: int) -> None:
        if self._unwanted.is_set():
            raise Cancelled
        self.at = (done, total)

    def _run(self) -> None:
        try:
            self._outcome.append(self._work(self._note))
        except BaseException as error:  # noqa: BLE001  # raised again where the result is wanted
            self._error = error
        finally:
            self._ended.set()


def _wait(errand: _Errand, title: str, parent: QWidget | None) -> None:
    """Return when the errand has ended, or Cancel was pressed, or the application ends."""
    loop, timer = QEventLoop(), QTimer()
    timer.setInterval(POLL_MS)
    until = errand.started + SILENT_S
    timer.timeout.connect(lambda: _quit_if(errand.ended or time.monotonic() > until, loop))
    timer.start()
    # Until the dialog takes the mouse and the keys, they wait: no second file is opened in between.
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    timer.timeout.disconnect()
    if errand.ended:
        return
    dialog = ProgressDialog(title, errand.started, parent)
    dialog.rejected.connect(loop.quit)
    timer.timeout.connect(lambda: dialog.display(*errand.at))
    timer.timeout.connect(lambda: _quit_if(errand.ended, loop))
    dialog.show()
    loop.exec()
    timer.stop()
    dialog.hide()
    dialog.deleteLater()


def _quit_if(condition: bool, loop: QEventLoop) -> None:
    if condition:
        loop.quit()
