"""How the learning rate follows the progress of a run, whether limited by time or steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

WARM_UP_STEPS = 10
FINAL_SHARE = 0.02


@dataclass(frozen=True)
class Course:
    """What is done of a run that was interrupted, to go on with its learning rates.

    Parameters
    ----------
    steps : int
    seconds : float
        Time spent.
    """

    steps: int = 0
    seconds: float = 0.0

    def after(self, steps: int, seconds: float) -> Course:
        """Return what is done after so much more."""
        return Course(self.steps + steps, self.seconds + seconds)

    def progress(
        self, step: int, steps: int | None, seconds: float, minutes: float | None
    ) -> float:
        """Return how much of the run is done, 0 to 1, if it goes on like this, see `progress`."""
        return progress(
            self.steps + step,
            None if steps is None else self.steps + steps,
            self.seconds + seconds,
            None if minutes is None else self.seconds / 60 + minutes,
        )


def learning_rate_share(step: int, fraction: float) -> float:
    """Share of the full learning rate: a short linear warm-up, then half a cosine.

    Parameters
    ----------
    step : int
        Steps done in this run.
    fraction : float
        Progress of the run, 0 to 1.
    """
    warm = min(1.0, (step + 1) / WARM_UP_STEPS)
    cosine = 0.5 * (1 + math.cos(math.pi * min(max(fraction, 0.0), 1.0)))
    return warm * max(FINAL_SHARE, cosine)


def progress(step: int, steps: int | None, seconds: float, minutes: float | None) -> float:
    """How much of a run is done, 0 to 1, by steps or by time, whichever is more.

    Parameters
    ----------
    step : int
        Steps done.
    steps, minutes : int, float or None
        Where the run ends; None = no such end.
    seconds : float
        Time spent.
    """
    by_steps = 0.0 if steps is None else step / steps
    by_time = 0.0 if minutes is None else seconds / (60 * minutes)
    return min(1.0, max(by_steps, by_time))
