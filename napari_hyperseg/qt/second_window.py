"""The window with the second view of the survey."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from qtpy.QtCore import Qt
from qtpy.QtGui import QHideEvent, QShowEvent
from qtpy.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.qt.dock_keys import DockKeys
from napari_hyperseg.qt.latest import Latest
from napari_hyperseg.qt.line_box import LineBox
from napari_hyperseg.qt.section_plot import SectionPlot
from napari_hyperseg.viewer.key_table import Action, Call, Key
from napari_hyperseg.viewer.readout import section_title
from napari_hyperseg.viewer.section_picture import Picture, SectionReader
from napari_hyperseg.viewer.sections import DISPLAY_ORDERS, Section
from napari_hyperseg.viewer.workspace import Workspace

_TITLES = {Section.INLINE: "Inline", Section.CROSSLINE: "Crossline", Section.TIME_SLICE: "Slice"}
_SIZE = 760, 560


class SecondWindow(QDialog):
    """Draws the workspace's second view, and chooses its section.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    parent : QWidget
        The dock.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._second = workspace, workspace.second
        self._reader = SectionReader()
        self._latest = Latest(self._drawn, self._failed, self)
        self._build()
        self.keys = DockKeys(self, self._keys(), Qt.ShortcutContext.WindowShortcut)
        self._second.changed.connect(self.display)
        self._second.moved.connect(self._display_mark)

    def display(self) -> None:
        """Read the section and draw it; what it is called is shown at once."""
        tag, section, line = self._second.tag, self._second.section, self._second.line
        if tag is None:
            self.plot.clear_section()
            self.setWindowTitle("Second view")
            self.bar.setEnabled(False)
            return
        self.bar.setEnabled(True)
        self.setWindowTitle(f"Second view: {section_title(tag.opened, section, line)}")
        self.buttons[section].setChecked(True)
        self.line.display(tag.geometry, section, line)
        read = partial(self._reader.read, self._second.looks(), section, line)
        self._latest.ask(lambda _: (section, read()))

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self.plot.set_colors(background, text)

    def let_go(self) -> None:
        """Follow nothing any more."""
        self._latest.close()
        self.keys.let_go()
        self._second.changed.disconnect(self.display)
        self._second.moved.disconnect(self._display_mark)

    def showEvent(self, event: QShowEvent) -> None:  # type: ignore[override]
        """Follow the viewer while this window is open."""
        super().showEvent(event)
        self._second.open()

    def hideEvent(self, event: QHideEvent) -> None:  # type: ignore[override]
        """Follow no more."""
        super().hideEvent(event)
        self._second.close()

    def _drawn(self, found: tuple[Section, list[Picture]]) -> None:
        section, pictures = found
        tag = self._second.tag
        if tag is None or section is not self._second.section:
            return
        self.plot.set_section(tag.geometry, section)
        self.plot.show_pictures(pictures)
        self.plot.show_horizons(self._second.horizons())
        self._display_mark()

    def _failed(self, error: HypersegError) -> None:
        self.setWindowTitle(f"Second view: {error}")

    def _display_mark(self) -> None:
        self.plot.show_mark(self._second.crossing)

    def _on_picked(self, down: int, right: int) -> None:
        """Let the viewer cross this section where it was clicked."""
        crossing = self._second.crossing
        if crossing is not None:
            is_down = crossing[0] == DISPLAY_ORDERS[self._second.section][1]
            self._workspace.navigation.go_to(down if is_down else right)

    def _keys(self) -> list[Key]:
        """Return the keys that do here what they do in the viewer."""
        second, navigation = self._second, self._workspace.navigation
        calls: dict[Action, Call] = {
            Action.INLINE: partial(second.show, Section.INLINE),
            Action.CROSSLINE: partial(second.show, Section.CROSSLINE),
            Action.TIME_SLICE: partial(second.show, Section.TIME_SLICE),
            Action.PREVIOUS: partial(second.move, -1),
            Action.NEXT: partial(second.move, 1),
            Action.STEP_BACK: lambda: second.move(-navigation.step),
            Action.STEP_ON: lambda: second.move(navigation.step),
            Action.GO_TO: self.line.ask,
            Action.SECOND_VIEW: self.close,
            Action.KEYS: self._workspace.keys.ask,
        }
        table = self._workspace.keys.table
        return [replace(key, call=calls[key.action]) for key in table if key.action in calls]

    def _build(self) -> None:
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        group = QButtonGroup(self)
        self.buttons: dict[Section, QPushButton] = {}
        for section, title in _TITLES.items():
            button = QPushButton(title)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._show, section))
            group.addButton(button)
            row.addWidget(button)
            self.buttons[section] = button
        self.line = LineBox(self._second.go_to)
        row.addWidget(self.line, 1)
        self.plot = SectionPlot(self._workspace.navigation.go_to, self._on_picked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.bar)
        layout.addWidget(self.plot, 1)
        self.resize(*_SIZE)

    def _show(self, section: Section, _: bool = False) -> None:
        self._second.show(section)
