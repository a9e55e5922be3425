"""A real window: keys on the canvas and in the dock, and the list of labelled lines."""

from __future__ import annotations

import numpy as np
import pytest
from napari.layers import Labels
from qtpy.QtCore import Qt
from qtpy.QtGui import QShortcut
from qtpy.QtWidgets import QApplication, QLabel, QLineEdit

from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.project.folder import Project
from napari_hyperseg.qt.keys_dialog import key_rows
from napari_hyperseg.qt.line_list import AMOUNT, BAR, TITLE
from napari_hyperseg.qt.lines_panel import NO_LABELLED_LINE
from napari_hyperseg.viewer.navigation import NO_LINE_IN_3D
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window
LEFT, KEY, SHIFT = Qt.MouseButton.LeftButton, Qt.Key, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(window, dock, labelled, wait):
    """The dock with labels on inline 10 and crossline 34; its window has the keyboard."""
    codes = labelled.labels("tiny").codes
    codes[:, 3, 5:15] = 2
    window.open(str(labelled.folder), plugin="napari-hyperseg")
    wait(lambda: titles(dock) == ["Inline 10", "Crossline 34"])
    dock.window().activateWindow()
    wait(lambda: dock.window().isActiveWindow())
    return dock


@pytest.fixture
def canvas(opened):
    """The widget that draws the canvas."""
    widgets = QApplication.allWidgets()
    return next(w for w in widgets if type(w).__name__ == "CanvasBackendDesktop" and w.isVisible())


def place(dock):
    return dock.workspace.navigation.place


def titles(dock):
    return [row.title for row in dock.lines.list.lines.rows]


def focused(dock, name):
    """Give the keyboard to a widget of the dock."""
    dock.tabs.setCurrentWidget(dock.lines if name == "list" else dock.classes)
    widgets = {"list": dock.lines.list, "tree": dock.classes.tree, "button": dock.survey.volume}
    widget = {**widgets, "slider": dock.survey.line.slider, "tabs": dock.tabs.tabBar()}[name]
    widget.setFocus()
    assert widget.hasFocus()
    return widget


def start(dock):
    for at in ((1, 2), (2, 9), (0, 2)):
        dock.workspace.navigation.visit(at)


NO = Qt.KeyboardModifier.NoModifier
ALL_KEYS = [
    (KEY.Key_C, NO, (1, 2)),
    (KEY.Key_Right, NO, (1, 3)),
    (KEY.Key_Left, NO, (1, 2)),
    (KEY.Key_T, NO, (2, 9)),
    (KEY.Key_PageDown, NO, (2, 12)),
    (KEY.Key_PageDown, NO, (2, 15)),
    (KEY.Key_PageUp, NO, (2, 12)),
    (KEY.Key_D, NO, None),
    (KEY.Key_I, SHIFT, (0, 2)),
    (KEY.Key_N, NO, (1, 3)),
    (KEY.Key_N, NO, (0, 0)),
    (KEY.Key_N, SHIFT, (1, 3)),
    (KEY.Key_N, SHIFT, (0, 0)),
    (KEY.Key_PageUp, NO, (0, 0)),
]
SOME_KEYS = [
    (KEY.Key_C, NO, (1, 2)),
    (KEY.Key_Right, NO, (1, 3)),
    (KEY.Key_I, NO, (0, 2)),
    (KEY.Key_PageDown, NO, (0, 5)),
]


def press(qtbot, widget, dock, keys=SOME_KEYS):
    """Press keys, and check where they lead."""
    for key, modifier, goal in keys:
        qtbot.keyClick(widget, key, modifier)
        assert place(dock) == goal, (key, modifier)


def test_keys_on_the_canvas_work_whatever_layer_is_chosen(window, opened, canvas, qtbot):
    opened.workspace.navigation.choose_step(3)
    amplitude = opened.workspace.layer(Role.AMPLITUDE)
    before = amplitude.contrast_limits
    for layer in (amplitude, opened.workspace.layer(Role.LABELS), None):
        window.layers.selection.active = layer
        start(opened)
        press(qtbot, canvas, opened, ALL_KEYS if layer is amplitude else SOME_KEYS)
        assert window.layers.selection.active is layer
    assert amplitude.contrast_limits == before
    shapes = window.add_shapes()  # has tools on I, T and D
    start(opened)
    assert window.layers.selection.active is shapes
    qtbot.keyClick(canvas, KEY.Key_I)
    assert shapes.mode == "vertex_insert"
    qtbot.keyClick(canvas, KEY.Key_C, SHIFT)
    assert place(opened) == (1, 2)
    qtbot.keyClick(canvas, KEY.Key_I, SHIFT)
    assert place(opened) == (0, 2)


def test_keys_work_while_the_dock_has_the_keyboard(opened, qtbot):
    opened.workspace.navigation.choose_step(3)
    for name in ("list", "tree", "button", "slider", "tabs"):
        start(opened)
        press(qtbot, focused(opened, name), opened, ALL_KEYS if name == "list" else SOME_KEYS)
    qtbot.keyClick(focused(opened, "list"), KEY.Key_2)
    layer = opened.workspace.layer(Role.LABELS)
    assert isinstance(layer, Labels)
    assert (layer.selected_label, layer.mode) == (2, "paint")


@pytest.fixture
def doubtful(labelled):
    """A prediction that is unsure of crossline 32."""
    store = PredictionStore.open_or_create(
        labelled.prediction_path("20260101-120000", "tiny"), (6, 5, 20), 2
    )
    confidence = np.full((6, 5, 20), 95, np.uint8)
    confidence[:, 1] = 40
    store.write(
        ((0, 6), (0, 5), (0, 20)), np.ones((6, 5, 20), np.uint8), confidence, origin=Origin(step=1)
    )


def test_one_key_goes_where_labels_would_help(doubtful, opened, canvas, wait, qtbot):
    start(opened)
    qtbot.keyClick(canvas, KEY.Key_U)
    wait(lambda: place(opened) == (1, 1))
    opened.tabs.setCurrentWidget(opened.lines)
    wait(lambda: opened.lines.advice.isVisible())
    assert opened.lines.advice.text().startswith("Crossline 32 (1 of ")
    qtbot.mouseClick(opened.lines.label_next, LEFT)
    wait(lambda: place(opened) != (1, 1))


def test_without_a_prediction_the_key_says_so(opened, canvas, wait, qtbot):
    opened.tabs.setCurrentWidget(opened.lines)
    start(opened)
    qtbot.keyClick(canvas, KEY.Key_U)
    wait(lambda: "no prediction" in opened.lines.advice.text())
    assert place(opened) == (0, 2)


def test_a_line_is_typed_or_left_with_escape(opened, canvas, qtbot, capsys):
    qtbot.keyClick(canvas, KEY.Key_G)
    number = opened.survey.line.number
    assert number.hasFocus()
    qtbot.keyClicks(number, "18")
    opened.render_panels()
    assert number.text() == "18"  # not overwritten while it is typed
    assert place(opened) == (0, 2)
    qtbot.keyClick(number, KEY.Key_Return)
    assert place(opened) == (0, 4)
    assert not number.hasFocus()
    qtbot.keyClick(opened.window(), KEY.Key_C)  # where keys go that no widget has
    assert place(opened) == (1, 2)
    qtbot.keyClick(canvas, KEY.Key_G)
    opened.render_panels()
    qtbot.keyClicks(number, "35")
    qtbot.keyClick(number, KEY.Key_Escape)
    assert (place(opened), number.value(), number.hasFocus()) == ((1, 2), 33, False)
    qtbot.keyClick(canvas, KEY.Key_D)
    qtbot.keyClick(canvas, KEY.Key_G)
    assert not number.hasFocus()
    assert NO_LINE_IN_3D in capsys.readouterr().out


def test_keys_are_characters_while_something_is_typed(opened, qtbot, wait):
    number = opened.survey.line.number
    number.setFocus()
    for key in (KEY.Key_I, KEY.Key_C, KEY.Key_N, KEY.Key_D, KEY.Key_1):
        qtbot.keyClick(number, key)
    assert place(opened) == (0, 2)
    tree = opened.classes.tree
    opened.tabs.setCurrentWidget(opened.classes)
    tree.editItem(tree.topLevelItem(0), 1)
    editor = tree.findChild(QLineEdit)
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, "Niticd 12")
    qtbot.keyClick(editor, KEY.Key_Return)
    wait(lambda: opened.workspace.legend.names[0] == "Niticd 12")
    assert place(opened) == (0, 2)


def test_keys_and_labelled_lines_are_listed(opened, canvas, qtbot):
    assert not opened.keys_dialog.isVisible()
    qtbot.keyClick(canvas, KEY.Key_F1)
    assert opened.keys_dialog.isVisible()
    note = opened.keys_dialog.note
    assert note.height() >= note.heightForWidth(note.width())
    opened.keys_dialog.close()
    opened.workspace.keys.ask()
    assert opened.keys_dialog.isVisible()
    assert opened.survey.buttons[Section.CROSSLINE].toolTip().endswith("(C)")
    rows = dict(key_rows([key for group in opened.workspace.keys.groups for key in group.keys]))
    assert rows["1 - 9"] == "Paint with the class in this row of the list"
    assert rows["Page Down"] == "On by a step"
    assert {label.text() for label in opened.keys_dialog.findChildren(QLabel)} >= set(rows)
    assert "(Page Down)" in opened.lines.step.toolTip()
    model = opened.lines.list.lines
    assert [model.index(row, AMOUNT).data() for row in (0, 1)] == ["100", "70"]
    assert "Class 1: 45 (45.0%)" in model.index(0, BAR).data(Qt.ItemDataRole.ToolTipRole)
    first = opened.workspace.legend.classes[0]
    assert model.rows[0].bar[0] == (first.color, 0.45)
    assert model.present is None


def test_a_click_enter_and_buttons_go_to_a_line(opened, qtbot, wait):
    opened.tabs.setCurrentWidget(opened.lines)
    lines = opened.lines.list
    where = lines.visualRect(lines.lines.index(1, TITLE)).center()
    qtbot.mouseClick(lines.viewport(), LEFT, pos=where)
    assert place(opened) == (1, 3)
    wait(lambda: lines.lines.present == 1)
    qtbot.keyClick(lines, KEY.Key_Up)
    assert place(opened) == (1, 3)
    qtbot.keyClick(lines, KEY.Key_Return)
    assert place(opened) == (0, 0)
    wait(lambda: lines.currentIndex().row() == 0 and lines.lines.present == 0)
    for button, goal in (("next", (1, 3)), ("next", (0, 0)), ("previous", (1, 3))):
        qtbot.mouseClick(getattr(opened.lines, button), LEFT)
        assert place(opened) == goal


def test_the_list_follows_what_is_painted_and_the_step_is_kept(opened, qtbot, wait):
    opened.lines.step.setValue(4)
    wait(lambda: Project.open(opened.workspace.project.folder).settings.get("line step") == 4)
    opened.render_panels()
    assert opened.lines.step.value() == 4
    layer = opened.workspace.layer(Role.LABELS)
    layer.data_setitem((np.array([4, 4]), np.array([0, 1]), np.array([2, 2])), 1)
    wait(lambda: titles(opened) == ["Inline 10", "Inline 18", "Crossline 34"])
    layer.undo()
    wait(lambda: titles(opened) == ["Inline 10", "Crossline 34"])
    layer.data[:] = 0
    layer.refresh()
    wait(lambda: opened.lines.empty.isVisibleTo(opened.lines))
    assert opened.lines.empty.text() == NO_LABELLED_LINE
    assert not opened.lines.next.isEnabled()


def test_a_closed_dock_leaves_napari_its_keys(window, opened, canvas, qtbot):
    layer = opened.workspace.layer(Role.AMPLITUDE)
    window.layers.selection.active = layer
    window.window.remove_dock_widget(opened)
    layer.contrast_limits = (-1, 1)
    qtbot.keyClick(canvas, KEY.Key_C)
    assert layer.contrast_limits != [-1, 1]
    qtbot.keyClick(canvas, KEY.Key_I)
    assert window.dims.ndisplay == 2


def test_no_key_of_the_dock_is_bound_twice(opened):
    """Qt does nothing where two shortcuts could be meant."""
    keys = [
        shortcut.key().toString()
        for shortcut in opened.findChildren(QShortcut)
        if shortcut.parent().window() is opened.window()  # the second view has its own
    ]
    assert len(keys) == len(set(keys))
    assert "Ctrl+Z" in keys
