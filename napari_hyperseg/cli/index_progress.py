"""Progress of reading trace headers on standard error, if it takes a while."""

from __future__ import annotations

import time
from types import TracebackType

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from napari_hyperseg.cli.output import stderr_console

AFTER_S = 1.0


class IndexProgress:
    """Told how many of how many traces are done, it shows a bar after a second.

    Use it as a context.
    """

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("Reading trace headers"),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeRemainingColumn(),
            console=stderr_console(),
            transient=True,
        )
        self._task = self._bar.add_task("", total=1.0, rate="")
        self._started = time.monotonic()

    def __enter__(self) -> IndexProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar.live.is_started:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is."""
        seconds = time.monotonic() - self._started
        if seconds < AFTER_S:
            return
        if not self._bar.live.is_started:
            self._bar.start()
        rate = f"{done / seconds:,.0f} traces/s"
        self._bar.update(self._task, completed=done, total=total, rate=rate)
