"""Progress of work other than jobs on standard error, if it takes a while."""

from __future__ import annotations

import time
from types import TracebackType

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from napari_hyperseg.cli.output import stderr_console

AFTER_S = 1.0


class LongWork:
    """Told how much of how much is done, it shows a bar with a rate after a second.

    Use it as a context.

    Parameters
    ----------
    title : str
        What is going on, such as "Reading trace headers".
    unit : str
        What is counted, such as "traces".
    """

    def __init__(self, title: str, unit: str) -> None:
        self._unit = unit
        self._bar = Progress(
            TextColumn(title),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeRemainingColumn(),
            console=stderr_console(),
            transient=True,
        )
        self._task = self._bar.add_task("", total=1.0, rate="")
        self._started = time.monotonic()

    def __enter__(self) -> LongWork:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away, to print something."""
        if self._bar.live.is_started:
            self._bar.stop()

    def __call__(self, done: float, total: float) -> None:
        """Show how far it is."""
        seconds = time.monotonic() - self._started
        if seconds < AFTER_S:
            return
        if not self._bar.live.is_started:
            self._bar.start()
        rate = f"{done / seconds:,.0f} {self._unit}/s"
        self._bar.update(self._task, completed=done, total=total, rate=rate)
