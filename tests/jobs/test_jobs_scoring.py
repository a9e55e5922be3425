"""Scoring takes a share of the time of a job, however many labels are held out."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.jobs import scoring
from napari_hyperseg.jobs.scoring import LONGEST_AT_END_S, LONGEST_S, Scoring
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

    def gate(self):
        return 0.5

    def scores(self, gate):
        assert gate == 0.5
        counts = [[0, 0, 0], [0, self.boxes, 0], [0, 0, self.boxes]]
        return scores_of(np.asarray(counts))


@pytest.mark.parametrize("at_end", [False, True])
def test_a_validation_ends_when_its_time_is_over(monkeypatch, at_end):
    clock = HandClock()
    monkeypatch.setattr(scoring, "Validation", lambda *_: EndlessValidation(clock))
    score = Scoring(clock)
    score.begin(None, [], 1, at_end=at_end)
    while (found := score.advance()) is None:
        assert score.under_way
    scores, gate = found
    assert gate == 0.5
    longest = LONGEST_AT_END_S if at_end else LONGEST_S
    assert clock.now == pytest.approx(longest)
    assert scores.voxels == 2 * longest / BOX_S
    assert not score.due()
    clock.now += longest / scoring.VALIDATION_SHARE
    assert score.due()
