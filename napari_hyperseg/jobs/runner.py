"""What every running job has: commands obeyed between two pieces of work, and a clock.

Owns pause, resume and stop, so that they take effect within one piece of work whatever the
job computes.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from napari_hyperseg.jobs.commands import (
    Command,
    LookAt,
    PauseJob,
    ResumeJob,
    StopJob,
    UseChangedLabels,
)
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.events import Event, JobPaused, JobResumed

Emit = Callable[[Event], None]
PAUSE_POLL_S = 0.1


class Clock:
    """Seconds since the start, pauses left out."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._paused_s = 0.0

    def elapsed_s(self) -> float:
        """Seconds of work so far."""
        return time.monotonic() - self._started - self._paused_s

    def leave_out(self, seconds: float) -> None:
        """Do not count these seconds."""
        self._paused_s += seconds


class Obedience:
    """Carries out the commands that came in.

    Parameters
    ----------
    control : Control
    emit : callable
        Takes an Event.
    look_at, labels_changed : callable
        What the job does on these commands.
    """

    def __init__(
        self,
        control: Control,
        emit: Emit,
        clock: Clock,
        look_at: Callable[[LookAt], None],
        labels_changed: Callable[[UseChangedLabels], None],
    ) -> None:
        self.stopped = False
        self._control = control
        self._emit = emit
        self._clock = clock
        self._look_at = look_at
        self._labels_changed = labels_changed

    def obey(self) -> bool:
        """Carry out what came in, waiting as long as the job is paused; False: stop."""
        paused = self._carry_out(self._control.poll(), paused=False)
        if paused and not self.stopped:
            self._wait_for_resume()
        return not self.stopped

    def _wait_for_resume(self) -> None:
        self._emit(JobPaused())
        since = time.monotonic()
        paused = True
        while paused and not self.stopped:
            paused = self._carry_out(self._control.poll(PAUSE_POLL_S), paused)
        self._clock.leave_out(time.monotonic() - since)
        if not self.stopped:
            self._emit(JobResumed())

    def _carry_out(self, commands: list[Command], paused: bool) -> bool:
        changed: dict[str, UseChangedLabels] = {}
        for command in commands:
            match command:
                case StopJob():
                    self.stopped = True
                case PauseJob():
                    paused = True
                case ResumeJob():
                    paused = False
                case LookAt():
                    self._look_at(command)
                case UseChangedLabels():
                    changed[command.survey] = command
        for last in changed.values():
            self._labels_changed(last)
        return paused
