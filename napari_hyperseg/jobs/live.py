"""How a training job shares its time with the prediction that the interpreter looks at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from napari_hyperseg.jobs.runner import Clock
from napari_hyperseg.jobs.sweep import Sweep, Task

FIRST_PREVIEW_S = 6.0
VISIBLE_EVERY_S = 10.0
SHARE_VISIBLE, SHARE_HIDDEN = 0.4, 0.15  # of the time, at most; neither waits for the other
SHARE_AT_ONCE = 0.8  # on screen, where there is something new to predict with


class Live:
    """Decides when a box is predicted between two steps.

    Parameters
    ----------
    sweep : Sweep
    clock : Clock
        Of the job.

    Attributes
    ----------
    complete : bool
        Whether everything was predicted since it was last to be predicted anew.
    """

    def __init__(self, sweep: Sweep, clock: Clock) -> None:
        self.sweep = sweep
        self.complete = False
        self._clock = clock
        self._spent_s = {True: 0.0, False: 0.0}  # on boxes on screen, and on others
        self._first_s = self._visible_s = FIRST_PREVIEW_S
        self._at_once = False

    def due(self) -> bool:
        """Whether the next piece of work is a prediction."""
        elapsed, sweep = self._clock.elapsed_s(), self.sweep
        if elapsed < self._first_s:
            return False
        again = elapsed >= self._visible_s + VISIBLE_EVERY_S and not sweep.visible_left
        if again and sweep.view is not None:
            sweep.look_at(sweep.view)
            self._visible_s = elapsed
        return self._visible_due() or self._hidden_due()

    def refresh(self) -> None:
        """Predict everything anew, beginning now: there is something else to predict with."""
        self._first_s = self._visible_s = min(self._first_s, self._clock.elapsed_s())
        self._at_once, self.complete = True, False
        self.sweep.restart()

    def take(self) -> Task | None:
        """Take the next box; a sweep that is through begins anew at the next call."""
        task = self.sweep.take(hidden_first=not self._visible_due() and self._hidden_due())
        self._at_once &= self.sweep.visible_left
        if task is None:
            self.complete = True
            self.sweep.restart()
        return task

    @contextmanager
    def counted(self, *, visible: bool) -> Iterator[None]:
        """Count the seconds spent inside as prediction of a box on screen, or of another."""
        began = self._clock.elapsed_s()
        yield
        self._spent_s[visible] += self._clock.elapsed_s() - began

    def _visible_due(self) -> bool:
        share = SHARE_AT_ONCE if self._at_once else SHARE_VISIBLE
        return self.sweep.visible_left and self._spent_s[True] < share * self._since()

    def _hidden_due(self) -> bool:
        waits = self.sweep.visible_left and (self._at_once or not self.sweep.hidden_left)
        return not waits and self._spent_s[False] < SHARE_HIDDEN * self._since()

    def _since(self) -> float:
        return self._clock.elapsed_s() - self._first_s + 2.0
