"""A real window with a second view beside it: what is drawn, dragged, clicked and pressed."""

from __future__ import annotations

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication

from napari_hyperseg.viewer.cut_mark import NAME
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window
KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton


@pytest.fixture
def second(window, dock, labelled, qtbot, wait):
    """The second view, opened with its key from the canvas, in front."""
    window.open(str(labelled.folder), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled not in (None, ()))
    dock.window().activateWindow()
    widgets = QApplication.allWidgets()
    canvas = next(w for w in widgets if type(w).__name__ == "CanvasBackendDesktop")
    qtbot.keyClick(canvas, KEY.Key_W)
    wait(lambda: dock.second.isVisible() and len(dock.second.plot.pictures) == 2)
    wait(dock.second.isActiveWindow)
    return dock.second


def place(second):
    return second._workspace.navigation.place


def test_the_second_view_moves_with_the_window_and_the_window_with_it(
    window, dock, second, qtbot, wait
):
    workspace, plot = dock.workspace, second.plot
    survey = workspace.tag.opened
    assert second.windowTitle() == "Second view: Crossline 33"
    assert np.array_equal(plot.pictures[0].image, survey.volume[:, 2].T)
    assert np.array_equal(plot.pictures[1].image[:, 0], [1] * 10 + [2] * 10)  # inline 10
    assert plot.mark.isVisible()
    assert (plot.mark.angle, plot.mark.value()) == (90, 14)
    x, y = plot.plot.viewRange()
    assert (round(x[0]), round(x[1])) == (9, 21)
    assert y[0] < 100 < 176 < y[1]

    workspace.navigation.go_to(4)
    wait(lambda: plot.mark.value() == 18)
    plot.mark.setPos(12.4)  # as dragging does
    assert place(second) == (0, 1)
    at = plot.plot.getViewBox().mapViewToScene(plot.plot.getViewBox().viewRect().center())
    qtbot.mouseClick(plot.viewport(), LEFT, pos=plot.mapFromScene(at))
    wait(lambda: place(second) in ((0, 2), (0, 3)))

    qtbot.keyClick(second, KEY.Key_Right)
    wait(lambda: second.windowTitle() == "Second view: Crossline 34")
    wait(lambda: np.array_equal(plot.pictures[0].image, survey.volume[:, 3].T))
    qtbot.keyClick(second, KEY.Key_G)
    assert second.line.number.hasFocus()
    qtbot.keyClicks(second.line.number, "31")
    qtbot.keyClick(second.line.number, KEY.Key_Return)
    wait(lambda: second.windowTitle() == "Second view: Crossline 31")
    qtbot.keyClick(second, KEY.Key_T)
    wait(lambda: plot.pictures[0].image.shape == (6, 5))
    wait(lambda: plot.mark.angle == 0)

    workspace.interpretation.facies[3, 3, second._second.line] = 1
    wait(lambda: plot.pictures[1].image[3, 3] == 1)
    workspace.layer(Role.LABELS).visible = False
    wait(lambda: len(plot.pictures) == 1)

    qtbot.mouseClick(second.buttons[Section.INLINE], LEFT)  # the two change places
    assert workspace.navigation.section is Section.TIME_SLICE
    qtbot.keyClick(second, KEY.Key_W)
    assert not second.isVisible()
    assert NAME not in [layer.name for layer in window.layers]


def test_the_second_view_is_empty_without_a_survey_and_ends_with_the_dock(
    window, dock, second, wait
):
    window.layers.clear()
    wait(lambda: not second.plot.pictures)
    assert second.windowTitle() == "Second view"
    assert not second.bar.isEnabled()
    window.window.remove_dock_widget(dock)
    assert not second.isVisible()
