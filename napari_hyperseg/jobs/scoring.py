"""When a training job scores itself on the held-out labels, box by box between its steps."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any

from napari_hyperseg.jobs.events import (
    BoundaryScores,
    ReliabilityScores,
    Scores,
    ValidationFinished,
)
from napari_hyperseg.jobs.runner import Clock, Emit
from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.balance import Verdict
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.held_out import Details
from napari_hyperseg.learn.metrics import FaciesScores
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
    emit : callable
        Takes an Event.
    order : tuple of int
        Codes from top to bottom, as far as they are said.
    """

    def __init__(self, clock: Clock, emit: Emit, order: Order = ()) -> None:
        self._emit, self._order = emit, order
        self._step = 0
        self._latest: Verdict | None = None
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
        self._validation = Validation(copy.deepcopy(model), labelled, voxels, self._order)
        self._step = model.step
        self._spent_s, self._longest_s = 0.0, LONGEST_AT_END_S if at_end else LONGEST_S

    def advance(self) -> float | None:
        """Predict one box; if it was the last in its time, tell scores and return the balance."""
        assert self._validation is not None
        began = self._clock.elapsed_s()
        if not self._validation.finished:
            self._validation.advance()
        now = self._clock.elapsed_s()
        self._spent_s += now - began
        if not self._validation.finished and self._spent_s < self._longest_s:
            return None
        verdict, self._validation = self._validation.verdict(), None
        self._next_s = now + max(VALIDATION_EVERY_S, self._spent_s / VALIDATION_SHARE)
        if not verdict.scores.voxels:
            return None
        self._latest = verdict
        self._emit(
            ValidationFinished(
                step=self._step,
                elapsed_s=now,
                scores=as_scores(verdict.scores, verdict.details),
                tracked=self.tracked,
                balance=self.balance,
            )
        )
        return verdict.balance

    @property
    def scores(self) -> Scores | None:
        """The last finished validation's; None before, and without held-out labels."""
        one = self._latest
        return None if one is None else as_scores(one.scores, one.details)

    @property
    def tracked(self) -> Scores | None:
        """Those of tracking alone; None where no boundaries are tracked."""
        one = self._latest
        if one is None or one.expected is None:
            return None
        return as_scores(one.expected, one.expected_details)

    @property
    def balance(self) -> float | None:
        """Share of the network in what counts beside tracking; None where nothing is tracked."""
        one = self._latest
        return None if one is None or one.expected is None else one.balance


def as_scores(figures: FaciesScores, details: Details | None = None) -> Scores:
    """The figures as events tell them."""
    more = {} if details is None else _told(details)
    return Scores.model_validate(vars(figures) | more)


def _told(details: Details) -> dict[str, Any]:
    error = details.reliability.calibration_error
    return {
        "traces": details.traces,
        "confusion": details.confusion.tolist(),
        "reliability": ReliabilityScores(**vars(details.reliability)),
        "calibration_error": None if math.isnan(error) else error,
        "horizons": [
            BoundaryScores(
                above=one.above, below=one.below, traces=one.traces, **one.scores.to_json()
            )
            for one in details.boundaries
        ],
        "order_violations": details.order_violations,
        "vertical_unit": details.unit,
    }
