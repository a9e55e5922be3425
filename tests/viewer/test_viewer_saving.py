"""A disk that takes nothing: the window says so, tries again, and says when it is over."""

from __future__ import annotations

import errno

import numpy as np
import pytest
from napari.layers import Layer

from napari_hyperseg.labels.editing import journal as journals
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer import saving_watch
from napari_hyperseg.viewer.reader import read
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.timing import Timing
from napari_hyperseg.viewer.workspace import Workspace


class Clock:
    """Timers that run when the test says so."""

    def __init__(self):
        self._calls = {}

    def later(self, call):
        return lambda: self._calls.setdefault(call, None)

    def tick(self):
        calls, self._calls = list(self._calls), {}
        for call in calls:
            call()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def workspace(viewer_model, project, clock):
    workspace = Workspace(viewer_model, SessionModel(), Timing(debounce=clock.later))
    for data, arguments, kind in read(str(project.folder)):
        viewer_model.add_layer(Layer.create(data, arguments, kind))
    yield workspace
    workspace.close()


@pytest.fixture
def told(monkeypatch):
    lines = []
    for name in ("show_warning", "show_info"):
        monkeypatch.setattr(saving_watch, name, lines.append)
    monkeypatch.setattr(saving_watch, "RETRY_S", 0.0)
    return lines


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_once_and_tried_again(workspace, project, clock, told, monkeypatch):
    labels = workspace.layer(Role.LABELS)
    with monkeypatch.context() as patched:
        patched.setattr(journals, "_write_all", full)
        labels.paint((3, 2, 9), 2)
        labels.paint((3, 3, 9), 2)
        for _ in range(3):
            clock.tick()
        assert len(told) == 1
        assert "No space left on device" in workspace.trouble == told[0]
        assert labels.data[3, 2, 9] == 2
    clock.tick()
    assert workspace.trouble == ""
    assert told[1:] == [saving_watch.SAVED_AGAIN]
    workspace.interpretation.flush()
    assert np.count_nonzero(project.labels("tiny", writable=False).codes) > 0


def test_arrays_that_cannot_be_written_are_told_of_later(workspace, clock, told, monkeypatch):
    """The journal took the edit; that the array's file does not is found in another thread."""
    array = workspace.interpretation.array("facies")
    with monkeypatch.context() as patched:
        patched.setattr(array, "write", full)
        workspace.layer(Role.LABELS).paint((3, 2, 9), 2)
        workspace.interpretation.flush(0.3)
        clock.tick()
        assert "No space left on device" in workspace.trouble
    for _ in range(2):
        workspace.interpretation.flush()
        clock.tick()
    assert workspace.trouble == ""
    assert told[1:] == [saving_watch.SAVED_AGAIN]


def test_looking_ends_when_everything_is_saved(workspace, clock, told):
    workspace.layer(Role.LABELS).paint((3, 2, 9), 2)
    workspace.interpretation.flush()
    clock.tick()
    assert not clock._calls
    assert told == []
