"""A real window: tools, fills between horizons, copies to the next line, undo and redo."""

from __future__ import annotations

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtWidgets import QApplication, QPushButton

from napari_hyperseg.viewer.layer_tools import Tool
from napari_hyperseg.viewer.napari_versions import camera_of
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(window, dock, tiny_segy, wait, pause_for):
    """The dock with the tiny survey and two horizons, at samples 5 and 12."""
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled is not None)
    grids = {name: (np.full((6, 5), time), "") for name, time in (("Top", 120.0), ("Base", 148.0))}
    dock.workspace.horizons.add(grids)
    wait(lambda: dock.workspace.horizons.entries != ())
    pause_for(0.3)
    window.fit_to_view()
    pause_for(0.3)
    return dock


@pytest.fixture
def facies(opened):
    return opened.workspace.interpretation.facies


def click(qtbot, button: QPushButton) -> None:
    qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled(), timeout=20_000)
    qtbot.mouseClick(button, LEFT)


def canvas_point(window, layer, voxel):
    world = np.asarray(layer.data_to_world(voxel))[list(window.dims.displayed)]
    camera = camera_of(window)
    size = canvas().size()
    offset = (world - np.asarray(camera.center)[-2:]) * camera.zoom
    return QPoint(round(size.width() / 2 + offset[1]), round(size.height() / 2 + offset[0]))


def canvas():
    widgets = QApplication.allWidgets()
    return next(w for w in widgets if type(w).__name__ == "CanvasBackendDesktop" and w.isVisible())


def drag(qtbot, start: QPoint, stop: QPoint) -> None:
    """Press, move in steps and release, as a hand does."""
    widget = canvas()
    qtbot.mousePress(widget, LEFT, pos=start)
    for share in np.linspace(0.2, 1, 5):
        qtbot.mouseMove(widget, start + (stop - start) * share)
        qtbot.wait(30)
    qtbot.mouseRelease(widget, LEFT, pos=stop)


def revisions(dock) -> list[str]:
    return [revision.tool for revision in dock.workspace.interpretation.revisions[1:]]


def test_tools_are_napari_s_modes_and_follow_them(window, opened, qtbot):
    tools, layer = opened.classes.tools, opened.workspace.layer(Role.LABELS)
    for tool, button in tools.buttons.items():
        click(qtbot, button)
        assert layer.mode == tool.value
        assert [each for each in Tool if tools.buttons[each].isChecked()] == [tool]
        click(qtbot, button)
        assert button.isChecked()
    for key, modifier, tool in (
        (Qt.Key.Key_P, NONE, Tool.BRUSH),
        (Qt.Key.Key_E, NONE, Tool.ERASER),
        (Qt.Key.Key_P, SHIFT, Tool.POLYGON),
        (Qt.Key.Key_F, NONE, Tool.FILL),
        (Qt.Key.Key_Z, NONE, Tool.PAN),
    ):
        qtbot.keyClick(canvas(), key, modifier)
        assert tools.buttons[tool].isChecked(), tool
    layer.mode = "pick"
    assert not any(button.isChecked() for button in tools.buttons.values())
    layer.mode = "paint"
    window.layers.selection.active = opened.workspace.layer(Role.AMPLITUDE)
    assert not tools.buttons[Tool.BRUSH].isChecked()
    click(qtbot, tools.buttons[Tool.BRUSH])
    assert window.layers.selection.active == layer
    assert layer.n_edit_dimensions == 2


def test_the_size_of_the_brush_goes_both_ways(opened, qtbot):
    box, layer = opened.classes.tools.size_box, opened.workspace.layer(Role.LABELS)
    box.selectAll()
    qtbot.keyClicks(box, "27")
    assert layer.brush_size == 27
    canvas().setFocus()
    qtbot.keyClick(canvas(), Qt.Key.Key_BracketLeft)
    assert layer.brush_size == 26
    qtbot.waitUntil(lambda: box.text() == "26")


def test_a_stroke_of_the_brush_is_one_edit(window, opened, facies, qtbot, wait):
    layer = opened.workspace.layer(Role.LABELS)
    click(qtbot, opened.classes.tools.buttons[Tool.BRUSH])
    layer.brush_size = 1
    drag(qtbot, canvas_point(window, layer, (2, 1, 3)), canvas_point(window, layer, (2, 3, 14)))
    wait(lambda: bool(np.asarray(facies).any()))
    assert revisions(opened) == ["Brush"]
    assert np.count_nonzero(facies[2]) > 5
    click(qtbot, opened.history.undo)
    assert not np.asarray(facies).any()


def test_polygon_and_bucket_by_mouse(window, opened, facies, qtbot, wait):
    layer, tools = opened.workspace.layer(Role.LABELS), opened.classes.tools
    opened.workspace.choose_class(2)
    click(qtbot, tools.buttons[Tool.POLYGON])
    for j, k in ((0, 2), (4, 2), (4, 9), (0, 9)):
        qtbot.mouseClick(canvas(), LEFT, pos=canvas_point(window, layer, (2, j, k)))
        qtbot.wait(50)
    qtbot.keyClick(canvas(), Qt.Key.Key_Return)
    wait(lambda: bool((facies[2, 1:4, 3:9] == 2).all()))
    assert not np.asarray(facies)[[0, 1, 3, 4, 5]].any()
    opened.workspace.choose_class(1)
    click(qtbot, tools.buttons[Tool.FILL])
    qtbot.mouseClick(canvas(), LEFT, pos=canvas_point(window, layer, (2, 2, 5)))
    wait(lambda: bool((facies[2, 1:4, 3:9] == 1).all()))
    assert revisions(opened) == ["Polygon", "Fill"]


@pytest.mark.parametrize("section", list(Section))
def test_filling_between_two_horizons(window, opened, facies, qtbot, wait, section):
    click(qtbot, opened.survey.buttons[section])
    opened.workspace.navigation.go_to(3 if section is not Section.TIME_SLICE else 8)
    opened.workspace.choose_class(2)
    tools = opened.classes.tools
    click(qtbot, tools.fill)
    form = tools.fill_form
    wait(form.fill.isVisible)
    assert [form.above.itemText(n) for n in range(3)] == ["top of the survey", "Top", "Base"]
    assert [form.below.itemText(n) for n in range(3)] == ["Top", "Base", "base of the survey"]
    assert (form.above.currentText(), form.below.currentText()) == ("Top", "Base")
    click(qtbot, form.fill)
    expected = np.zeros((6, 5, 20), bool)
    expected[:, :, 5:12] = True
    keep = [slice(None)] * 3
    keep[section] = opened.workspace.navigation.line
    filled = np.zeros_like(expected)
    filled[tuple(keep)] = expected[tuple(keep)]
    assert np.array_equal(np.asarray(facies) == 2, filled)
    assert f"{filled.sum()} voxels are Class 2 now." in form.message.text()
    assert revisions(opened) == ["Fill between"]


def test_only_unlabelled_or_all(opened, facies, qtbot):
    facies[2, :, 3:8] = 1
    opened.workspace.navigation.go_to(2)
    opened.workspace.choose_class(2)
    click(qtbot, opened.classes.tools.fill)
    form = opened.classes.tools.fill_form
    form.below.setCurrentText("base of the survey")
    click(qtbot, form.fill)
    assert facies[2, 0].tolist() == [0] * 3 + [1] * 5 + [2] * 12
    qtbot.mouseClick(form.unlabelled, LEFT, pos=QPoint(8, form.unlabelled.height() // 2))
    click(qtbot, form.fill)
    assert facies[2, 0].tolist() == [0] * 3 + [1] * 2 + [2] * 15


def test_copying_on_and_on_by_key_and_button(window, opened, facies, qtbot, wait):
    facies[2, :, 4:9] = 1
    opened.workspace.navigation.go_to(2)
    tools = opened.classes.tools
    click(qtbot, tools.copy)
    form = tools.copy_form
    wait(lambda: form.buttons[1].text() == "Inline 16 \u25b6")
    form.shift.setValue(4)
    click(qtbot, form.buttons[1])
    assert (facies[3, :, 5:10] == 1).all()
    assert opened.workspace.navigation.line == 3
    assert form.message.text() == "Inline 16: 25 voxels as on Inline 14, moved by 4 ms."
    canvas().setFocus()
    qtbot.keyClick(canvas(), Qt.Key.Key_Right, CONTROL)
    assert (facies[4, :, 6:11] == 1).all()
    assert opened.workspace.navigation.line == 4
    wait(lambda: form.buttons[-1].text() == "\u25c0 Inline 16")
    form.lines.setValue(2)
    wait(form.buttons[-1].isEnabled)
    opened.window().activateWindow()
    wait(opened.window().isActiveWindow)
    form.buttons[-1].setFocus()  # as a click on it does
    qtbot.keyClick(form.buttons[-1], Qt.Key.Key_Left, CONTROL)
    assert opened.workspace.navigation.line == 2
    assert (facies[2, :, 4:12] == 1).all()
    wait(lambda: form.buttons[-1].isEnabled())
    opened.workspace.navigation.go_to(1)
    wait(lambda: not form.buttons[-1].isEnabled())
    assert "Inline 10 is the last one that way" in form.buttons[-1].toolTip()
    assert revisions(opened)[1:] == ["Copy"] * 3


def test_a_time_slice_has_no_shift(opened, facies, qtbot, wait):
    click(qtbot, opened.survey.buttons[Section.TIME_SLICE])
    click(qtbot, opened.classes.tools.copy)
    form = opened.classes.tools.copy_form
    wait(lambda: form.isVisible() and not form.shift.isEnabled())
    assert not form.follow.isEnabled()
    opened.workspace.navigation.go_to(5)
    facies[1, 2, 5] = 1
    click(qtbot, form.buttons[1])
    assert facies[1, 2, 6] == 1


def test_undo_and_redo_say_what_they_do_whatever_tab_is_open(opened, facies, qtbot, wait):
    with opened.workspace.interpretation.edit("Brush", "Class 2, Inline 14"):
        facies[2] = 2
    opened.tabs.setCurrentWidget(opened.horizons)
    row = opened.history
    wait(lambda: row.undo.toolTip() == "Undo: Brush, Class 2, Inline 14 (Ctrl+Z)")
    assert row.last.text() == "Brush, Class 2, Inline 14"
    assert row.redo.toolTip() == "Nothing to redo"
    assert not row.redo.isEnabled()
    click(qtbot, row.undo)
    assert not np.asarray(facies).any()
    assert row.redo.toolTip() == "Redo: Brush, Class 2, Inline 14 (Ctrl+Shift+Z)"
    click(qtbot, row.redo)
    assert (facies[2] == 2).all()
    opened.horizons.list.setFocus()
    qtbot.keyClick(opened.horizons.list, Qt.Key.Key_Z, CONTROL)
    assert not np.asarray(facies).any()
    qtbot.keyClick(opened.horizons.list, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert (facies[2] == 2).all()


def test_without_survey_and_in_3d_tools_say_why(window, dock, tiny_segy, qtbot, wait):
    tools = dock.classes.tools
    assert not tools.buttons[Tool.BRUSH].isEnabled()
    assert tools.buttons[Tool.BRUSH].toolTip() == "Open a survey first."
    assert not dock.history.undo.isEnabled()
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(tools.buttons[Tool.BRUSH].isEnabled)
    click(qtbot, dock.survey.volume)
    wait(lambda: not tools.buttons[Tool.BRUSH].isEnabled())
    assert "choose Inline" in tools.buttons[Tool.BRUSH].toolTip()
    click(qtbot, dock.survey.buttons[Section.INLINE])
    wait(tools.buttons[Tool.BRUSH].isEnabled)
    dock.workspace.interpretation.suspend("open in another window")
    dock.workspace.changed.emit()
    wait(lambda: not tools.buttons[Tool.BRUSH].isEnabled())
    assert "open in another window" in tools.buttons[Tool.BRUSH].toolTip()
    assert not dock.history.undo.isEnabled()
