"""A real napari window with the dock, driven like a person would."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from napari_hyperseg.jobs import process
from napari_hyperseg.project import preferences as preferences_of_window
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.sample_project import open_sample_project
from napari_hyperseg.qt.dock import HypersegDock

TRAINER = Path(__file__).parents[1] / "viewer" / "scripted_trainer.py"


@pytest.fixture
def wait(qtbot) -> Callable[..., None]:
    """Let the window live until a condition holds."""

    def wait_for(condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
        qtbot.waitUntil(condition, timeout=int(1000 * timeout_s))

    return wait_for


@pytest.fixture
def pause_for(qtbot) -> Callable[[float], None]:
    """Let the window live for some seconds."""
    return lambda seconds: qtbot.wait(int(1000 * seconds))


@pytest.fixture
def window(make_napari_viewer, qtbot):
    """A napari viewer with an open window."""
    viewer = make_napari_viewer(show=True)
    viewer.window.resize(1366, 768)
    return viewer


@pytest.fixture
def dock(window, monkeypatch):
    """The dock as napari makes it; training runs a scripted worker."""
    command = (sys.executable, "-P", str(TRAINER))
    monkeypatch.setattr(process, "WORKER_COMMAND", command)
    _, dock = window.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
    assert isinstance(dock, HypersegDock)
    yield dock
    handle = dock.model.handle
    if handle is not None:
        dock.let_go()
        assert handle.wait(20)


@pytest.fixture
def labelled(tiny_segy: Path) -> Project:
    """The tiny project with two labelled classes on inline 10."""
    project = Project.create_beside(tiny_segy)
    labels = project.labels("tiny")
    labels.codes[0, :, :10] = 1
    labels.codes[0, :, 10:] = 2
    labels.flush()
    return project


@pytest.fixture(autouse=True)
def preferences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the window remembers is of each test alone, not the tester's."""
    folder = tmp_path / "config"
    monkeypatch.setattr(preferences_of_window, "user_config_path", lambda *_, **__: folder)
    return folder


@pytest.fixture
def sample_dock(window, tmp_path, wait):
    """The dock with the sample cube, labelled on a few lines; nothing is replaced."""
    project = open_sample_project(tmp_path / "sample.hyperseg")
    window.open(str(project.folder), plugin="napari-hyperseg")
    _, dock = window.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
    wait(lambda: dock.model.session.labelled_classes == 6)
    yield dock
    handle = dock.model.handle
    dock.let_go()
    assert handle is None or handle.wait(30)
