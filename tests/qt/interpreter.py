"""An interpreter at the window: mouse, keys and file dialogs, and pictures of what there is."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from qtpy.QtCore import QPoint, Qt, QTimer
from qtpy.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QTreeWidget,
    QWidget,
)

from napari_hyperseg.qt.dock import HypersegDock
from napari_hyperseg.viewer.napari_versions import camera_of
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
MOVES = 5
PICTURES = "HYPERSEG_PICTURES"
"""Environment variable: the folder that keeps the pictures of a session."""


class Interpreter:
    """Somebody who works with mouse and keys, and waits for what he expects.

    Parameters
    ----------
    viewer : napari.Viewer
        Its window is open.
    dock : HypersegDock
        In that window.
    qtbot, wait
        Of the test.
    folder : Path
        For the pictures, if nobody wants them elsewhere.
    """

    def __init__(
        self, viewer: Any, dock: HypersegDock, qtbot: Any, wait: Callable, folder: Path
    ) -> None:
        self.viewer, self.dock, self._bot, self.wait = viewer, dock, qtbot, wait
        self._pictures = Path(os.environ.get(PICTURES, folder))
        self._pictures.mkdir(parents=True, exist_ok=True)
        self._taken = len(list(self._pictures.glob("*.png")))

    def look(self, name: str) -> None:
        """Take a picture of the window, numbered."""
        self.pause(0.5)
        self._taken += 1
        path = self._pictures / f"{self._taken:02d}_{name}.png"
        self.viewer.window.screenshot(str(path), canvas_only=False, flash=False)
        assert path.stat().st_size > 20_000

    def pause(self, seconds: float) -> None:
        """Let the window live."""
        self._bot.wait(round(1000 * seconds))

    def press(self, button: QPushButton) -> None:
        """Click a button, which must be there and able."""
        self.wait(lambda: button.isVisible() and button.isEnabled())
        self._bot.mouseClick(button, LEFT)

    def step_down(self, box: QComboBox) -> None:
        """Choose what comes next in a list."""
        box.setFocus()
        self._bot.keyClick(box, Qt.Key.Key_Down)
        self.canvas().setFocus()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        """Press a key on the canvas."""
        self._bot.keyClick(self.canvas(), key, modifier)

    def type_line(self, number: int) -> None:
        """Go to a line: G, its number, Enter."""
        window = self.dock.window()
        if not window.isActiveWindow():  # a dialog was; there is no window manager
            window.activateWindow()
            self.wait(window.isActiveWindow)
        self.key(Qt.Key.Key_G)
        field = self.dock.survey.line.number
        self.wait(field.hasFocus)
        self._bot.keyClicks(field, str(number))
        self._bot.keyClick(field, Qt.Key.Key_Return)
        self.canvas().setFocus()
        self.pause(0.5)  # the view is fitted to another section

    def click_at(self, trace: float, sample: float) -> None:
        """Click on the section in view."""
        self._bot.mouseClick(self.canvas(), LEFT, pos=self.at(trace, sample))

    def drag(
        self, places: list[tuple[float, float]], modifier: Qt.KeyboardModifier = NO_KEY
    ) -> None:
        """Drag along places on the section in view, trace and sample each."""
        canvas, points = self.canvas(), [self.at(*place) for place in places]
        self._bot.mousePress(canvas, LEFT, modifier, points[0])
        for begin, end in pairwise(points):
            for share in np.linspace(0, 1, MOVES)[1:]:
                self._bot.mouseMove(canvas, begin + (end - begin) * float(share))
                self._bot.wait(10)
        self._bot.mouseRelease(canvas, LEFT, modifier, points[-1])
        self.pause(0.1)

    def canvas(self) -> QWidget:
        """The widget that draws the canvas; found anew each time."""
        return next(
            widget
            for widget in QApplication.allWidgets()
            if type(widget).__name__ == "CanvasBackendDesktop"
            and widget.isVisible()
            and widget.window() is self.dock.window()
        )

    def at(self, trace: float, sample: float) -> QPoint:
        """Where on the canvas a trace and a sample of the section in view are."""
        navigation = self.dock.workspace.navigation
        assert navigation.section in (Section.INLINE, Section.CROSSLINE)
        place = [0.0, 0.0, sample]
        place[navigation.section], place[1 - navigation.section] = navigation.line, trace
        layer = self.dock.workspace.layer(Role.AMPLITUDE)
        world = np.array(layer.data_to_world(place))[list(self.viewer.dims.displayed)]
        camera, size = camera_of(self.viewer), self.canvas().size()
        offset = (world - np.asarray(camera.center)[-2:]) * camera.zoom
        return QPoint(round(size.width() / 2 + offset[1]), round(size.height() / 2 + offset[0]))

    def open_tab(self, page: QWidget) -> None:
        """Click on the tab of a panel of the dock."""
        tabs = self.dock.tabs
        bar = tabs.tabBar()
        self._bot.mouseClick(bar, LEFT, pos=bar.tabRect(tabs.indexOf(page)).center())
        assert tabs.currentWidget() is page

    def rename(self, tree: QTreeWidget, row: int, name: str) -> None:
        """Click on a row, press F2, type, press Enter."""
        item = tree.topLevelItem(row)
        self._bot.mouseClick(tree.viewport(), LEFT, pos=tree.visualItemRect(item).center())
        self._bot.keyClick(tree, Qt.Key.Key_F2)
        field = next(one for one in tree.findChildren(QLineEdit) if one.isVisible())
        field.selectAll()
        self._bot.keyClicks(field, name)
        self._bot.keyClick(field, Qt.Key.Key_Return)
        self.pause(0.1)

    def menu(self, menu: QMenu, text: str) -> None:
        """Choose what begins so from a menu."""
        action = next(one for one in menu.actions() if one.text().replace("&", "").startswith(text))
        assert action.isEnabled()
        action.trigger()

    def name_file(self, path: Path, kind: str = "") -> None:
        """Answer the file dialog that is about to open: choose a kind of file, type a path."""

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QFileDialog):
                timer.stop()
                try:
                    self._answer(dialog, path, kind)
                except BaseException:
                    dialog.reject()  # or the test would wait for ever
                    raise

        timer = QTimer(self.dock)
        timer.setInterval(100)
        timer.timeout.connect(look)
        timer.start()

    def _answer(self, dialog: QFileDialog, path: Path, kind: str) -> None:
        if kind:
            kinds = dialog.findChild(QComboBox, "fileTypeCombo")
            rows = [row for row in range(kinds.count()) if kind in kinds.itemText(row)]
            kinds.setCurrentIndex(rows[0])
            kinds.activated.emit(rows[0])
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        for _ in range(20):  # what is typed while the folder is listed is lost
            field.selectAll()
            self._bot.keyClicks(field, str(path))
            self.pause(0.3)
            if field.text() == str(path):
                break
        assert field.text() == str(path)
        accept = dialog.findChild(QDialogButtonBox).buttons()[0]
        for _ in range(5):  # the first click may only close the list of names that begin so
            self._bot.mouseClick(accept, LEFT)
            if not dialog.isVisible():
                break
            self.pause(0.3)
        assert not dialog.isVisible(), (str(path), accept.text(), field.text())
