"""Every button of the training panel in every phase: a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from napari_hyperseg.project.controls import (
    NO_SURVEY_OPEN,
    PREDICT_TIP,
    RUNNING,
    TRAIN_TIP,
    controls,
    read_only_text,
)
from napari_hyperseg.project.request_transitions import NO_MODEL
from napari_hyperseg.project.session import Phase, Session

ELSEWHERE = "open in another window since 14:02 (process 4711)"
BUTTONS = ("train", "predict", "minutes", "pause", "stop")
TABLE = """
               train predict minutes pause stop
empty          -     -       -       -     -
ready          on    on      on      -     -
training       -     -       -       on    on
predicting     -     -       -       on    on
paused         -     -       -       on    on
stopping       -     -       -       -     -
failed         on    on      on      -     -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]


def states(session):
    can = controls(session)
    return {name: getattr(can, name) for name in BUTTONS}


def test_the_table_has_every_phase_and_button():
    assert tuple(TABLE.split()[:5]) == BUTTONS
    assert [row[0] for row in ROWS] == [phase.value for phase in Phase]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_buttons_with_a_model(row):
    session = Session(phase=Phase(row[0]), saved_model="1")
    expected = {name: cell == "on" for name, cell in zip(BUTTONS, row[1:], strict=True)}
    assert states(session) == expected


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_without_a_model_only_predict_differs(row):
    phase = Phase(row[0])
    with_model = states(Session(phase=phase, saved_model="1"))
    assert states(Session(phase=phase)) == with_model | {"predict": False}


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_in_a_project_that_is_only_read_nothing_starts(row):
    session = Session(phase=Phase(row[0]), saved_model="1")
    elsewhere = states(replace(session, read_only=ELSEWHERE))
    assert elsewhere == states(session) | {"train": False, "predict": False, "minutes": False}


@pytest.mark.parametrize("phase", list(Phase))
def test_only_a_paused_job_is_resumed(phase):
    can = controls(Session(phase=phase, kind="train"))
    assert can.pause_text == ("Resume" if phase is Phase.PAUSED else "Pause")
    assert can.pause_tip


def test_a_button_that_cannot_be_pressed_says_why():
    def tips(session):
        can = controls(session)
        return can.train_tip, can.predict_tip

    assert tips(Session()) == (NO_SURVEY_OPEN, NO_SURVEY_OPEN)
    ready = Session(phase=Phase.READY)
    assert tips(ready) == (TRAIN_TIP, NO_MODEL)
    assert tips(replace(ready, saved_model="1")) == (TRAIN_TIP, PREDICT_TIP)
    assert tips(replace(ready, phase=Phase.TRAINING)) == (RUNNING, RUNNING)
    line = f"Read-only: {ELSEWHERE}."
    assert tips(replace(ready, read_only=ELSEWHERE)) == (line, line)
    assert read_only_text(replace(ready, read_only=ELSEWHERE)) == line
    assert read_only_text(ready) == ""


def test_stop_says_what_is_kept():
    assert "learnt" in controls(Session(phase=Phase.TRAINING, kind="train")).stop_tip
    assert "predicted" in controls(Session(phase=Phase.PREDICTING, kind="predict")).stop_tip
