"""Scoring takes a share of the time of a job, however many labels are held out."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from napari_hyperseg.jobs import scoring
from napari_hyperseg.jobs.scoring import LONGEST_AT_END_S, LONGEST_S, Scoring
from napari_hyperseg.learn.balance import Verdict
from napari_hyperseg.learn.metrics import scores_of

BOX_S = 0.5


class HandClock:
    """A clock that goes on when it is told to."""

    now = 0.0

    def elapsed_s(self):
        return self.now


class EndlessValidation:
    """More boxes than there is time for."""

    finished = False

    def __init__(self, clock):
        self.clock = clock
        self.boxes = 0

    def advance(self):
        self.clock.now += BOX_S
        self.boxes += 1

    def verdict(self):
        counts = [[0, 0, 0], [0, self.boxes, 0], [0, 0, self.boxes]]
        return Verdict(0.5, scores_of(np.asarray(counts)), None)


@pytest.mark.parametrize("at_end", [False, True])
def test_a_validation_ends_when_its_time_is_over(monkeypatch, at_end):
    clock = HandClock()
    monkeypatch.setattr(scoring, "Validation", lambda *_: EndlessValidation(clock))
    told = []
    score = Scoring(clock, told.append)
    score.begin(SimpleNamespace(step=7), [], 1, at_end=at_end)
    while (balance := score.advance()) is None:
        assert score.under_way
    longest = LONGEST_AT_END_S if at_end else LONGEST_S
    assert clock.now == pytest.approx(longest)
    assert balance == 0.5
    assert [event.step for event in told] == [7]
    assert told[0].scores.voxels == 2 * longest / BOX_S
    assert not score.due()
    clock.now += longest / scoring.VALIDATION_SHARE
    assert score.due()
