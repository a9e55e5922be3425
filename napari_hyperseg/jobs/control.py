"""Where a running job hears its commands: nowhere, Ctrl-C, or lines on standard input."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Iterable
from types import FrameType, TracebackType
from typing import Protocol

from napari_hyperseg.jobs.commands import Command, StopJob


class Control(Protocol):
    """What a job asks between two pieces of work."""

    def poll(self, timeout_s: float = 0.0) -> list[Command]:
        """Commands that came since the last call; waits up to `timeout_s` for the first."""
        ...


class NoCommands:
    """A job that nobody talks to."""

    def poll(self, timeout_s: float = 0.0) -> list[Command]:
        """Return no commands."""
        return []


class SignalControl:
    """Ctrl-C, or a request to terminate, is "stop"; a second Ctrl-C interrupts at once.

    Use it as a context, in the main thread: the former handlers come back after it.
    """

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._former: dict[int, object] = {}

    def __enter__(self) -> SignalControl:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._former[number] = signal.signal(number, self._ask)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def poll(self, timeout_s: float = 0.0) -> list[Command]:
        """Return "stop" once Ctrl-C was pressed."""
        return [StopJob()] if self._asked.wait(timeout_s) else []

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self._asked.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._asked.set()


class QueueControl:
    """Commands that other threads put in."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Command] = queue.SimpleQueue()

    def put(self, command: Command) -> None:
        """Add a command."""
        self._queue.put(command)

    def stop(self) -> None:
        """Add "stop"; may be called from a signal handler."""
        self.put(StopJob())

    def poll(self, timeout_s: float = 0.0) -> list[Command]:
        """Return what has come in."""
        commands: list[Command] = []
        try:
            while True:
                wait = timeout_s if not commands else 0.0
                commands.append(self._queue.get(block=wait > 0, timeout=wait or None))
        except queue.Empty:
            return commands


class StreamControl(QueueControl):
    """Commands as they come in, read by a thread; the end of the stream is "stop".

    Parameters
    ----------
    lines : iterable of Command
        Blocks between commands; ends when the parent process is gone.
    """

    def __init__(self, lines: Iterable[Command]) -> None:
        super().__init__()
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def _read(self, lines: Iterable[Command]) -> None:
        try:
            for command in lines:
                self.put(command)
        finally:
            self.stop()
