"""What the window remembers, and the steps with which everybody begins."""

from __future__ import annotations

import logging

import pytest

from napari_hyperseg.project import preferences
from napari_hyperseg.project.first_steps import STEPS, steps_done
from napari_hyperseg.project.preferences import DETAILS, FIRST_STEPS, prefer, preference
from napari_hyperseg.project.session import Phase, Session


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(preferences, "user_config_path", lambda *_, **__: tmp_path / "config")
    return tmp_path / "config" / "window.json"


def test_what_is_said_is_remembered(file):
    assert preference(FIRST_STEPS, default=True)
    assert not file.exists()
    prefer(FIRST_STEPS, False)
    prefer(DETAILS, True)
    assert not preference(FIRST_STEPS, default=True)
    assert preference(DETAILS, default=False)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"first_steps": "no"}', "\xff"])
def test_a_damaged_file_says_nothing(file, content):
    file.parent.mkdir()
    file.write_bytes(content.encode("latin-1"))
    assert preference(FIRST_STEPS, default=True)
    prefer(FIRST_STEPS, False)
    assert not preference(FIRST_STEPS, default=True)


def test_where_nothing_can_be_written_nothing_is_remembered(file, caplog):
    file.parent.touch()
    with caplog.at_level(logging.WARNING):
        prefer(FIRST_STEPS, False)
    assert "not remembered" in caplog.text
    assert preference(FIRST_STEPS, default=True)


@pytest.mark.parametrize(
    ("session", "done"),
    [
        (Session(), (False, False, False)),
        (Session(phase=Phase.READY), (True, False, False)),
        (Session(phase=Phase.READY, labelled=((1, 5),)), (True, False, False)),
        (Session(phase=Phase.READY, labelled=((1, 5), (2, 1))), (True, True, False)),
        (Session(phase=Phase.READY, labelled=(), model="1"), (True, False, True)),
    ],
)
def test_steps_are_ticked_off(session, done):
    assert steps_done(session) == done
    assert len(done) == len(STEPS)
