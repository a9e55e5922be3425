"""Undo, redo and the time line, beside the tabs: there whatever tab is open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from napari.utils.theme import get_theme
from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QKeySequence, QShortcut
from qtpy.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget
from superqt import QElidingLabel

from napari_hyperseg.labels.editing.tree import Revision
from napari_hyperseg.project.time_line import edit_text
from napari_hyperseg.qt.icons import ThemedIcons
from napari_hyperseg.qt.time_line_dialog import TimeLineDialog
from napari_hyperseg.viewer.workspace import Workspace

_WIDTH, _ICON = 22, 13  # no higher than a tab
UNDO_KEY, REDO_KEY = "Ctrl+Z", "Ctrl+Shift+Z"
_NOTHING_YET = "nothing edited yet"


class HistoryRow(QWidget):
    """Takes edits back, does them again, and opens the time line.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    parent : QWidget
        The dock: the keys work in all of it.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.dialog: TimeLineDialog | None = None
        self.undo, self.redo, self.clock = (QPushButton() for _ in range(3))
        self.last = QElidingLabel()  # put elsewhere by the dock: it takes a line
        self._build()
        icons = {self.undo: "undo", self.redo: "redo", self.clock: "clock"}
        self._icons = ThemedIcons(workspace.viewer, icons)
        for button in (self.undo, self.redo, self.clock):
            button.setIconSize(QSize(_ICON, _ICON))
        for key, button in ((UNDO_KEY, self.undo), (REDO_KEY, self.redo)):
            shortcut = QShortcut(QKeySequence(key), parent)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
        self.display()

    def display(self) -> None:
        """Show what would be undone and done again, and what is looked at."""
        interpretation = self._workspace.interpretation
        undo = interpretation.can_undo if interpretation else None
        redo = interpretation.can_redo if interpretation else None
        refusal = interpretation.facies.refusal if interpretation else ""
        for button, verb, key, revision in (
            (self.undo, "Undo", UNDO_KEY, undo),
            (self.redo, "Redo", REDO_KEY, redo),
        ):
            button.setEnabled(revision is not None)
            button.setToolTip(refusal or _tip(verb, key, revision))
        self.clock.setEnabled(interpretation is not None)
        self._display_last(undo)
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.display()

    def _display_last(self, undo: Revision | None) -> None:
        notice = self._workspace.looking_back.notice
        text = notice or (edit_text(undo.tool, undo.words) if undo is not None else "")
        self.last.setText(text or (_NOTHING_YET if self.clock.isEnabled() else ""))
        self.last.setToolTip(text)
        warning = get_theme(self._workspace.viewer.theme).warning.as_hex()
        style = f"color: black; background: {warning}; border-radius: 3px; padding: 2px"
        self.last.setStyleSheet(style if notice else "")
        self.last.setVisible(bool(notice))

    def open_time_line(self) -> None:
        """Show the time line."""
        if self.dialog is None:
            self.dialog = TimeLineDialog(self._workspace, self.window() or self)
        self.dialog.open_at_present()

    def _build(self) -> None:
        self.last.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clock.setToolTip("Time line: look at the labels as they were at any time")
        names = ((self.undo, "undo"), (self.redo, "redo"), (self.clock, "time line"))
        for button, name in names:
            button.setFixedWidth(_WIDTH)
            button.setStyleSheet("padding: 0; margin: 0; min-height: 0")
            button.setAccessibleName(name)
        self.undo.clicked.connect(partial(self._run, self._workspace.undo))
        self.redo.clicked.connect(partial(self._run, self._workspace.redo))
        self.clock.clicked.connect(self.open_time_line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for widget in (self.undo, self.redo, self.clock):
            row.addWidget(widget)

    def _run(self, act: Callable[[], object], *_: object) -> None:
        act()
        self.display()


def _tip(verb: str, key: str, revision: Revision | None) -> str:
    if revision is None:
        return f"Nothing to {verb.lower()}"
    return f"{verb}: {edit_text(revision.tool, revision.words)} ({key})"
