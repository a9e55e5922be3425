"""Writes what was edited to the arrays' files, in a thread, behind the journal.

The journal has an edit as soon as it is made, so nothing is lost while the arrays follow; what
it does not have yet waits.  When they have caught up, and the disk has them, that is noted in
the journal.  What the disk does not take is tried again.  Knows no window.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.editing.editable import EditableArray
from napari_hyperseg.labels.editing.patch import Change, Patch

logger = logging.getLogger(__name__)

PATIENCE_S = 2.0
Arrays = Mapping[str, EditableArray]


class Keeper:
    """A thread that writes patches in the order in which they come.

    Parameters
    ----------
    array_of : callable
        Returns the array of a target; None if there is none.
    ready : callable
        Asked in the thread before anything is written whether the journal has what waits.
    sync : callable
        Called in the thread when everything is written: waits for the disk.
    settled : callable
        Called after it, if nothing came meanwhile.  Both may raise OSError.

    Attributes
    ----------
    fault : str
        Why the disk does not take what waits; empty where it does.
    """

    def __init__(
        self,
        array_of: Callable[[str], EditableArray | None],
        ready: Callable[[], bool],
        sync: Callable[[], None],
        settled: Callable[[], None],
    ) -> None:
        self._array_of, self._ready = array_of, ready
        self._sync, self._settled = sync, settled
        self._waiting: deque[tuple[Patch, bool]] = deque()
        self._touched: set[str] = set()
        self._changed = threading.Condition()
        self._idle = True
        self._woken = self._ends = False
        self.fault = ""
        self._thread = threading.Thread(target=self._run, daemon=True, name="hyperseg-labels")
        self._thread.start()

    def keep(self, changes: tuple[Change, ...], *, everything: bool = False) -> None:
        """Have these changes written; returns at once."""
        patches = [(one, everything) for one in changes if isinstance(one, Patch)]
        with self._changed:
            self._waiting.extend(patches)
            self._idle = False
            self._woken = True
            self._changed.notify_all()

    def held(self) -> threading.Condition:
        """Return what to hold so that nothing is settled between two steps (``with``)."""
        return self._changed

    @property
    def idle(self) -> bool:
        """Whether everything is written."""
        return self._idle

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything is written; False where it is not after so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._idle, timeout)

    def close(self, timeout: float | None = 10.0) -> None:
        """Write what waits, and end."""
        self.flush(timeout)
        with self._changed:
            self._ends = True
            self._changed.notify_all()
        self._thread.join(timeout)

    def _run(self) -> None:
        while self._wait_for_work():
            try:
                done = self._write_waiting() and self._settle_all()
                self.fault = ""
            except OSError as error:
                done, self.fault = False, error.strerror or str(error)
                logger.warning("Labels could not be written yet: %s", self.fault)
            if not done:
                with self._changed:
                    self._changed.wait_for(lambda: self._ends or self._woken, PATIENCE_S)

    def _wait_for_work(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: not self._idle or self._ends)
            self._woken = False
            return not self._ends

    def _write_waiting(self) -> bool:
        """Write patch after patch; one that fails stays the next.

        Nothing that the journal has not: what is left half-written would never be mended.
        """
        while self._waiting:
            with self._changed:
                if not self._ready():
                    return False
                patch, everything = self._waiting[0]
            array = self._array_of(patch.target)
            if array is not None and array.fits(patch):
                self._write(array, patch, everything)
            self._waiting.popleft()
        return True

    def _write(self, array: EditableArray, patch: Patch, everything: bool) -> None:
        try:
            array.write(patch, everything=everything)
        except LabelError as error:  # it is damaged, and would be the next time, too
            logger.warning("A revision is left out: %s", error)
        else:
            self._touched.add(patch.target)

    def _settle_all(self) -> bool:
        """Wait for the disk; if nothing came meanwhile, note that the arrays have caught up."""
        for target in tuple(self._touched):
            array = self._array_of(target)
            if array is not None:
                array.sync()
            self._touched.discard(target)
        self._sync()
        with self._changed:
            if not self._ready():
                return False
            if not self._waiting:
                self._settled()
                self._idle = True
                self._changed.notify_all()
        return True
