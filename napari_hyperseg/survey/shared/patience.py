"""Work that may hang, such as asking a machine that is not there, and is given up after a while."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


def within(seconds: float, work: Callable[[], None]) -> None:
    """Do some work; if it takes longer, its thread is left behind.

    Raises
    ------
    TimeoutError
        If it takes longer.
    Exception
        What the work raises.
    """
    ended: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()

    def do() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  # raised again below
            ended.put(error)
        else:
            ended.put(None)

    threading.Thread(target=do, daemon=True).start()
    try:
        error = ended.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"no answer within {seconds:g} s") from None
    if error is not None:
        raise error
