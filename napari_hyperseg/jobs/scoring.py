"""When a training job scores itself on the held-out labels, box by box between its steps."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from napari_hyperseg.jobs.events import Scores
from napari_hyperseg.jobs.runner import Clock
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.validation import Validation

VALIDATION_EVERY_S = 15.0
VALIDATION_SHARE = 0.1  # of the time, at most
LONGEST_S, LONGEST_AT_END_S = 3.0, 20.0  # then what was scored so far has to do


class Scoring:
    """Scores the model again and again; one validation at a time.

    Parameters
    ----------
    clock : Clock
        Of the job.

    Attributes
    ----------
    latest : Scores or None
        The last finished validation's; None before, and without held-out labels.
    """

    def __init__(self, clock: Clock) -> None:
        self.latest: Scores | None = None
        self._clock = clock
        self._validation: Validation | None = None
        self._spent_s, self._longest_s = 0.0, LONGEST_S
        self._next_s = VALIDATION_EVERY_S

    @property
    def under_way(self) -> bool:
        """Whether boxes of a validation are left to predict."""
        return self._validation is not None

    def due(self) -> bool:
        """Whether it is time for another validation."""
        return not self.under_way and self._clock.elapsed_s() >= self._next_s

    def begin(
        self,
        model: Model,
        labelled: Sequence[LabelledData],
        voxels: int,
        *,
        at_end: bool = False,
    ) -> None:
        """Begin to score `model` as it is now; a validation under way is dropped."""
        self._validation = Validation(copy.deepcopy(model), labelled, voxels)
        self._spent_s, self._longest_s = 0.0, LONGEST_AT_END_S if at_end else LONGEST_S

    def advance(self) -> tuple[Scores, float] | None:
        """Predict one box; scores and gate, if there are any and it was the last in its time."""
        assert self._validation is not None
        began = self._clock.elapsed_s()
        if not self._validation.finished:
            self._validation.advance()
        now = self._clock.elapsed_s()
        self._spent_s += now - began
        if not self._validation.finished and self._spent_s < self._longest_s:
            return None
        gate = self._validation.gate()
        scores, self._validation = self._validation.scores(gate), None
        self._next_s = now + max(VALIDATION_EVERY_S, self._spent_s / VALIDATION_SHARE)
        if not scores.voxels:
            return None
        self.latest = Scores(**vars(scores))
        return self.latest, gate
