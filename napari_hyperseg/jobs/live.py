"""How a training job shares its time with the prediction that the interpreter looks at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from napari_hyperseg.jobs.runner import Clock
from napari_hyperseg.jobs.sweep import Sweep, Task

FIRST_PREVIEW_S = 6.0
VISIBLE_EVERY_S = 10.0
SHARE_VISIBLE, SHARE_HIDDEN = 0.4, 0.15  # of the time, at most


class Live:
    """Decides when a box is predicted between two steps.

    Parameters
    ----------
    sweep : Sweep
    clock : Clock
        Of the job.
    """

    def __init__(self, sweep: Sweep, clock: Clock) -> None:
        self.sweep = sweep
        self._clock = clock
        self._spent_s = 0.0
        self._visible_s = FIRST_PREVIEW_S

    def due(self) -> bool:
        """Whether the next piece of work is a prediction."""
        elapsed = self._clock.elapsed_s()
        if elapsed < FIRST_PREVIEW_S:
            return False
        if elapsed >= self._visible_s + VISIBLE_EVERY_S and self.sweep.view is not None:
            self.sweep.look_at(self.sweep.view)
            self._visible_s = elapsed
        share = SHARE_VISIBLE if self.sweep.next_is_visible else SHARE_HIDDEN
        return self._spent_s < share * (elapsed - FIRST_PREVIEW_S + 2.0)

    def take(self) -> Task | None:
        """Take the next box; a sweep that is through begins anew at the next call."""
        task = self.sweep.take()
        if task is None:
            self.sweep.restart()
        return task

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the seconds spent inside as prediction."""
        began = self._clock.elapsed_s()
        yield
        self._spent_s += self._clock.elapsed_s() - began
