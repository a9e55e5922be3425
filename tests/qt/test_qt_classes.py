"""The list of classes with mouse and keyboard."""

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QLineEdit

from napari_hyperseg.project.folder import Project
from napari_hyperseg.qt.class_rows import EYE, LOCK, NAME, NUMBER, VOXELS
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window
LEFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def panel(window, dock, labelled, wait):
    """The panel of a project with classes 1, 2 and 3, two of them labelled."""
    labelled.legend = labelled.legend.with_class("salt")
    labelled.save()
    window.open(str(labelled.folder), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled not in (None, ()))
    wait(lambda: dock.classes.tree.topLevelItemCount() == 3)
    dock.window().activateWindow()
    return dock.classes


@pytest.fixture
def workspace(dock):
    return dock.workspace


def row(panel, place):
    return panel.tree.topLevelItem(place - 1)


def click(panel, place, column):
    rectangle = panel.tree.visualItemRect(row(panel, place))
    x = panel.tree.columnViewportPosition(column) + panel.tree.columnWidth(column) // 2
    QTest.mouseClick(panel.tree.viewport(), LEFT, pos=QPoint(x, rectangle.center().y()))


def alpha(workspace, code):
    return workspace.layer(Role.LABELS).colormap.map(code)[3]


def test_a_row_says_what_there_is_to_know(panel):
    assert [row(panel, 1).text(column) for column in (NUMBER, NAME, VOXELS)] == [
        "1",
        "Class 1",
        "50",
    ]
    assert "Key 1" in row(panel, 1).toolTip(NUMBER)
    assert row(panel, 1).toolTip(VOXELS) == "50 labelled voxels"
    texts = [
        row(panel, 1).data(column, Qt.ItemDataRole.AccessibleTextRole) for column in (EYE, LOCK)
    ]
    assert texts == ["shown", "not locked"]


def test_the_eye_hides_a_class_and_leaves_the_brush_where_it_is(panel, workspace, wait):
    workspace.choose_class(1)
    click(panel, 2, EYE)
    assert not workspace.legend[2].visible
    assert alpha(workspace, 2) == 0
    assert workspace.chosen_class == 1
    wait(lambda: row(panel, 2).toolTip(EYE) == "Hidden. Click to show it")
    click(panel, 2, EYE)
    assert alpha(workspace, 2) == 1
    assert workspace.chosen_class == 1


def test_two_quick_clicks_are_two_clicks(panel, workspace):
    rectangle = panel.tree.visualItemRect(row(panel, 1))
    x = panel.tree.columnViewportPosition(EYE) + 8
    for act in (QTest.mouseClick, QTest.mouseDClick):
        act(panel.tree.viewport(), LEFT, pos=QPoint(x, rectangle.center().y()))
    assert workspace.legend[1].visible
    assert panel.tree.findChild(QLineEdit) is None


def test_locks_are_kept(panel, workspace):
    click(panel, 1, LOCK)
    assert workspace.legend.locked_codes == {1}
    assert Project.open(workspace.project.folder).legend.locked_codes == {1}


def test_everything_can_be_done_with_keys(panel, workspace, wait):
    panel.tree.setFocus()
    QTest.keyClick(panel.tree, Qt.Key.Key_Down)
    wait(lambda: workspace.chosen_class in (1, 2))
    workspace.choose_class(3)
    wait(lambda: panel.tree.chosen == 3)
    QTest.keyClick(panel.tree, Qt.Key.Key_Up, ALT)
    QTest.keyClick(panel.tree, Qt.Key.Key_Up, ALT)
    assert workspace.legend.codes == (3, 1, 2)
    wait(lambda: row(panel, 1).text(NAME) == "salt")
    assert row(panel, 1).text(NUMBER) == "1"
    assert panel.tree.chosen == workspace.chosen_class == 3
    QTest.keyClick(panel.tree, Qt.Key.Key_Down, ALT)
    assert workspace.legend.codes == (1, 3, 2)
    QTest.keyClick(panel.tree, Qt.Key.Key_V)
    QTest.keyClick(panel.tree, Qt.Key.Key_L)
    assert (workspace.legend[3].visible, workspace.legend[3].locked) == (False, True)
    QTest.keyClick(panel.tree, Qt.Key.Key_F2)
    editor = panel.tree.findChild(QLineEdit)
    QTest.keyClicks(editor, "Zechstein")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait(lambda: workspace.legend[3].name == "Zechstein")
    QTest.keyClick(panel.tree, Qt.Key.Key_Delete)
    assert workspace.legend.codes == (1, 2)
    assert workspace.chosen_class == 2


def test_keys_choose_the_row_that_the_interpreter_sees(window, panel, workspace, wait):
    workspace.set_legend(workspace.legend.moved(3, -2))
    layer = workspace.layer(Role.LABELS)
    next(call for key, call in layer.keymap.items() if str(key) == "1")(layer)
    assert layer.selected_label == 3
    wait(lambda: panel.tree.chosen == 3)
    assert panel.tree.indexOfTopLevelItem(panel.tree.currentItem()) == 0
    assert "code, in labels and in exported volumes, is 3" in row(panel, 1).toolTip(NUMBER)


def test_the_buttons_move_and_remove(panel, workspace, wait):
    workspace.choose_class(1)
    wait(lambda: panel.down.isEnabled() and not panel.up.isEnabled())
    QTest.mouseClick(panel.down, LEFT)
    assert workspace.legend.codes == (2, 1, 3)
    wait(panel.up.isEnabled)
    assert not panel.remove.isEnabled()
    assert "only the class that was added last can, salt" in panel.remove.toolTip()
    workspace.choose_class(3)
    wait(panel.remove.isEnabled)
    QTest.mouseClick(panel.remove, LEFT)
    wait(lambda: panel.tree.topLevelItemCount() == 2)
    assert workspace.legend.codes == (2, 1)
    QTest.mouseClick(panel.add, LEFT)
    assert workspace.legend.names == ("Class 2", "Class 1", "Class 3")


def test_a_labelled_class_stays(panel, workspace, wait):
    workspace.layer(Role.LABELS).data_setitem(tuple(np.zeros((3, 1), int)), 3)
    workspace.choose_class(3)
    wait(lambda: "(1 voxel)" in panel.remove.toolTip())
    assert not panel.remove.isEnabled()
    panel.tree.setFocus()
    QTest.keyClick(panel.tree, Qt.Key.Key_Delete)
    assert workspace.legend.n_classes == 3


def test_the_menu_has_everything_and_says_the_keys(panel, wait, workspace):
    workspace.choose_class(2)
    wait(lambda: panel.tree.chosen == 2)
    panel.tree.customContextMenuRequested.emit(QPoint(5, 5))
    wait(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    texts = [action.text() for action in menu.actions()]
    assert texts == [
        "Rename\tF2",
        "Colour...\tR",
        "Hide or show\tV",
        "Lock or unlock\tL",
        "Move up\tAlt+Up",
        "Move down\tAlt+Down",
        "Remove\tDel",
    ]
    assert [action.isEnabled() for action in menu.actions()] == [True] * 6 + [False]
    menu.actions()[4].trigger()
    menu.close()
    assert workspace.legend.codes == (2, 1, 3)
