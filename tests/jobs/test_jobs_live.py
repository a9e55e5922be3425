"""When the section on screen is predicted between the steps of a training."""

from __future__ import annotations

import pytest

from napari_hyperseg.jobs.live import FIRST_PREVIEW_S, Live
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.sweep import Sweep


class HandClock:
    """Seconds as the test says."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def elapsed_s(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def live(clock: HandClock) -> Live:
    view = View(survey="cube", axis=0, index=20)
    return Live(Sweep({"cube": (64, 64, 64)}, 30_000, view), clock)


def predict(live: Live, clock: HandClock, seconds: float) -> bool:
    """Predict the next box in so many seconds; whether it is on screen."""
    task = live.take()
    assert task is not None
    with live.counted(visible=task.visible):
        clock.seconds += seconds
    return task.visible


def test_nothing_is_due_before_there_is_something_to_predict_with(live, clock):
    assert not live.due()
    clock.seconds = FIRST_PREVIEW_S
    assert live.due()


def test_what_is_new_is_shown_at_once_before_boxes_that_nobody_sees(live, clock):
    clock.seconds = FIRST_PREVIEW_S
    for _ in range(20):
        predict(live, clock, 0.1)
        clock.seconds += 1.0
    live.refresh()
    assert live.due()
    assert predict(live, clock, 0.1)


def test_however_often_there_is_something_new_steps_have_their_time(live, clock):
    clock.seconds = FIRST_PREVIEW_S
    begun, predicting = clock.seconds, 0.0
    while clock.seconds < begun + 60:
        live.refresh()
        if live.due():
            before = clock.seconds
            predict(live, clock, 1.0)
            predicting += clock.seconds - before
        else:
            clock.seconds += 0.5  # a step
    assert predicting < 0.85 * (clock.seconds - begun) + 3


def test_a_section_that_is_shown_leaves_the_rest_its_turn(live, clock):
    clock.seconds = FIRST_PREVIEW_S
    live.refresh()
    seen = []
    for _ in range(40):
        if live.due():
            seen.append(predict(live, clock, 0.05))
        clock.seconds += 0.5
    assert seen[0]
    assert not all(seen)


def test_it_is_complete_when_all_was_predicted_since_there_was_something_new(live, clock):
    def through():
        while live.take() is not None:
            assert not live.complete
        assert live.complete

    through()
    live.refresh()
    through()
