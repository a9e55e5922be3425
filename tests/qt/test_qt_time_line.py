"""A real window: any state is looked at from the time line, and nothing changes by that."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtWidgets import QApplication

from napari_hyperseg.qt.time_line_model import TIME, TOOL, WORDS
from napari_hyperseg.viewer.layer_tools import Tool
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton
ROLE = Qt.ItemDataRole


@pytest.fixture
def opened(window, dock, tiny_segy, wait):
    """The dock with inline 14 painted three times, the last two undone, and painted again."""
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled is not None)
    interpretation = dock.workspace.interpretation
    for code in (1, 2, 3):
        with interpretation.edit("Brush", f"Class {code}"):
            interpretation.facies[2, :, 4 * code :] = code
    interpretation.undo()
    interpretation.undo()
    with interpretation.edit("Eraser", "Inline 14"):
        interpretation.facies[2, 0] = 0
    return dock


@pytest.fixture
def time_line(opened, qtbot, wait):
    """The dialog as the clock opens it."""
    wait(opened.history.clock.isEnabled)
    qtbot.mouseClick(opened.history.clock, LEFT)
    dialog = opened.history.dialog
    wait(dialog.isVisible)
    return dialog


def rows(dialog) -> list[tuple[str, str]]:
    model = dialog.model
    cells = [
        [model.index(row, column) for column in (TOOL, WORDS)] for row in range(model.rowCount())
    ]
    return [(model.data(tool), model.data(words)) for tool, words in cells]


def drawn(dock) -> list[int]:
    """What the layer draws of a trace of inline 14."""
    layer = dock.workspace.layer(Role.LABELS)
    places = [layer.data_to_world((2, 1, k)) for k in range(20)]
    return [int(layer.get_value(place, world=True) or 0) for place in places]


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_states_are_listed_and_what_was_left_behind_is_grey(time_line):
    assert rows(time_line) == [
        ("Eraser", "Inline 14"),
        ("Brush", "Class 3"),
        ("Brush", "Class 2"),
        ("Brush", "Class 1"),
        ("", "Before the first edit"),
    ]
    model = time_line.model
    grey = [model.data(model.index(row, TOOL), ROLE.ForegroundRole) for row in range(5)]
    assert [color is not None for color in grey] == [False, True, True, False, False]
    assert model.data(model.index(0, TIME), ROLE.FontRole).bold()
    assert model.data(model.index(1, TIME), ROLE.FontRole).italic()
    assert "another edit was made instead" in model.data(model.index(1, TIME), ROLE.ToolTipRole)
    assert time_line.view.currentIndex().row() == 0
    assert not time_line.back.isEnabled()


def test_what_is_selected_is_shown_and_esc_returns_to_the_present(
    window, opened, time_line, qtbot, wait
):
    opened.workspace.navigation.go_to(2)
    layer, interpretation = opened.workspace.layer(Role.LABELS), opened.workspace.interpretation
    layer.mode = "erase"
    interpretation.flush()
    before, present, point = (
        content(interpretation.project.folder),
        drawn(opened),
        window.dims.point,
    )
    for states in ([0] * 12 + [3] * 8, [0] * 8 + [2] * 12, [0] * 4 + [1] * 16, [0] * 20):
        qtbot.keyClick(time_line.view, Qt.Key.Key_Down)
        assert drawn(opened)[12:] == states[12:]
        assert drawn(opened)[:4] == states[:4]
    assert "Looking at: Before the first edit" in time_line.message.text()
    where = time_line.view.visualRect(time_line.model.index(1, WORDS)).center()
    qtbot.mouseClick(time_line.view.viewport(), LEFT, pos=where)
    assert drawn(opened) == [0] * 4 + [1] * 4 + [2] * 4 + [3] * 8
    wait(lambda: opened.history.last.text().endswith(": Brush, Class 3"))
    assert opened.history.last.text().startswith("Looking at ")
    assert not layer.editable
    wait(lambda: not opened.classes.tools.buttons[Tool.BRUSH].isEnabled())
    assert not opened.history.undo.isEnabled()
    qtbot.keyClick(time_line, Qt.Key.Key_Escape)
    assert not time_line.isVisible()
    assert drawn(opened) == present
    assert (layer.editable, layer.mode, window.dims.point) == (True, "erase", point)
    assert layer.data is interpretation.facies
    wait(lambda: opened.history.last.text() == "Eraser, Inline 14")
    interpretation.flush()
    assert content(interpretation.project.folder) == before


def test_going_back_moves_the_present_and_nothing_is_lost(opened, time_line, qtbot, wait):
    qtbot.keyClick(time_line.view, Qt.Key.Key_Down)
    wait(time_line.back.isEnabled)
    qtbot.mouseClick(time_line.back, LEFT)
    facies = opened.workspace.interpretation.facies
    assert facies[2, 1].tolist() == [0] * 4 + [1] * 4 + [2] * 4 + [3] * 8
    assert opened.workspace.layer(Role.LABELS).editable
    wait(lambda: time_line.model.moments[1].standing.value == "the present state")
    assert len(time_line.model.moments) == 5
    assert time_line.view.currentIndex().row() == 1
    qtbot.keyClick(time_line.view, Qt.Key.Key_Up)
    assert drawn(opened)[4:6] == [1, 1]
    qtbot.mouseClick(time_line.back, LEFT)
    assert opened.workspace.interpretation.position == 4
    assert not facies[2, 0].any()


def test_edits_made_while_it_is_open_are_listed(opened, time_line, qtbot, wait):
    opened.workspace.interpretation.facies[4] = 2
    wait(lambda: len(time_line.model.moments) == 6)
    assert time_line.view.currentIndex().row() == 0
    assert opened.workspace.looking_back.notice == ""
    qtbot.mouseClick(time_line.end, LEFT)
    assert not time_line.isVisible()


def test_closing_by_its_cross_returns_to_the_present(opened, time_line, qtbot):
    present = drawn(opened)
    qtbot.keyClick(time_line.view, Qt.Key.Key_End)
    assert drawn(opened) == [0] * 20
    time_line.close()
    assert drawn(opened) == present
    assert opened.workspace.interpretation.read_only == ""


def test_removing_the_survey_while_looking_leaves_a_usable_window(
    window, opened, time_line, tiny_segy, qtbot, wait
):
    qtbot.keyClick(time_line.view, Qt.Key.Key_End)
    window.layers.clear()
    wait(lambda: opened.workspace.tag is None)
    wait(lambda: time_line.model.rowCount() == 0)
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(lambda: opened.workspace.tag is not None)
    assert opened.workspace.interpretation.facies[2, 1].tolist() == [0] * 4 + [1] * 16
    wait(lambda: time_line.model.rowCount() == 5)


def test_a_click_into_the_canvas_paints_nothing_meanwhile(window, opened, time_line, qtbot):
    qtbot.keyClick(time_line.view, Qt.Key.Key_End)
    layer = opened.workspace.layer(Role.LABELS)
    layer.mode = "paint"
    assert layer.mode == "pan_zoom"
    widgets = QApplication.allWidgets()
    canvas = next(
        w for w in widgets if type(w).__name__ == "CanvasBackendDesktop" and w.isVisible()
    )
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)
    qtbot.mouseClick(canvas, LEFT, pos=middle)
    time_line.close()
    assert np.array_equal(
        np.asarray(layer.data), np.asarray(opened.workspace.interpretation.facies)
    )
    assert len(opened.workspace.interpretation.revisions) == 4
