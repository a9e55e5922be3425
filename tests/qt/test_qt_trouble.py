"""A real window on a full disk: it says so, tries again, and does not close without a question."""

from __future__ import annotations

import errno

import pytest
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QApplication, QMainWindow, QMessageBox

from napari_hyperseg.labels.editing import journal as journals

pytestmark = pytest.mark.window


@pytest.fixture
def opened(window, dock, tiny_segy, wait):
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled is not None)
    return dock


def main_window(opened) -> QMainWindow:
    """Return the window, which lives on when it is closed: others close it after the test."""
    main = opened.window()
    assert isinstance(main, QMainWindow)
    main.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    return main


@pytest.fixture
def full_disk(monkeypatch):
    """A switch: from now on the journal cannot be written, until it is called again."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    real = journals._write_all

    def switch(on: bool) -> None:
        monkeypatch.setattr(journals, "_write_all", full if on else real)

    return switch


def answer(which: str) -> list[str]:
    """Press a button of the question when it comes; returns what it asks."""
    asked: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(50, press)
            return
        asked.append(box.text())
        next(button for button in box.buttons() if which in button.text()).click()

    QTimer.singleShot(50, press)
    return asked


def test_a_red_line_shows_the_trouble_until_it_is_over(opened, full_disk, wait):
    assert not opened.trouble.isVisible()
    full_disk(True)
    opened.workspace.interpretation.facies[0, 0, 0] = 1
    wait(opened.trouble.isVisible)
    assert "No space left on device" in opened.trouble.text()
    assert "make room" in opened.trouble.text()
    full_disk(False)
    wait(lambda: not opened.trouble.isVisible(), 15)
    opened.workspace.interpretation.flush()
    assert opened.workspace.project.labels("tiny", writable=False).codes[0, 0, 0] == 1


def test_trouble_that_comes_later_is_seen_without_an_edit(opened, wait, monkeypatch):
    keeper_trouble = []
    interpretation = opened.workspace.interpretation

    def full(*_: object, **__: object) -> None:
        keeper_trouble.append(1)
        raise OSError(errno.ENOSPC, "No space left on device")

    array = interpretation._facies()
    with monkeypatch.context() as patched:
        patched.setattr(array, "write", full)
        interpretation.facies[0, 0, 0] = 1
        wait(lambda: bool(keeper_trouble))
        wait(opened.trouble.isVisible, 15)
    wait(lambda: not opened.trouble.isVisible(), 20)


def test_a_window_with_unsaved_edits_asks_before_it_closes(opened, full_disk, wait):
    main = main_window(opened)
    full_disk(True)
    opened.workspace.interpretation.facies[0, 0, 0] = 1
    wait(opened.trouble.isVisible)
    asked = answer("Stay")
    main.close()
    assert "No space left" in asked[0]
    assert main.isVisible()
    assert opened.workspace.tag is not None
    full_disk(False)
    main.close()  # there is room again: what waited is saved, and nothing is asked
    assert not main.isVisible()
    assert len(asked) == 1


def test_a_window_may_be_closed_on_unsaved_edits(opened, full_disk, wait):
    main = main_window(opened)
    full_disk(True)
    opened.workspace.interpretation.facies[0, 0, 0] = 1
    wait(opened.trouble.isVisible)
    asked = answer("lose them")
    main.close()
    assert len(asked) == 1
    assert not main.isVisible()
    full_disk(False)
