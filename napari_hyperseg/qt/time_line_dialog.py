"""The window with all edits of the open survey: look at any state, and go back to it.

Owns the selection: what is selected is shown, and closing shows the present.  What a state is,
and that nothing changes while it is looked at, is `viewer.looking_back`'s.
"""

from __future__ import annotations

from qtpy.QtCore import QModelIndex, Qt
from qtpy.QtGui import QCloseEvent
from qtpy.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)
from superqt.utils import signals_blocked

from napari_hyperseg.project.time_line import Moment
from napari_hyperseg.qt.time_line_model import TIME, TOOL, TimeLineModel
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.workspace import Workspace

_PRESENT = "Select a state to look at it. Nothing changes until you go back to it."
_HINT = "Esc or Close: back to the present, nothing has changed."
_WIDTHS = {TIME: 104, TOOL: 122}


class TimeLineDialog(QDialog):
    """Lists the states there were, newest first.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    parent : QWidget
        Over which it lies.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._looking = workspace, workspace.looking_back
        self.setWindowTitle("Time line")
        self._build()

    def open_at_present(self) -> None:
        """Show the dialog, the present state selected."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.display()

    def display(self) -> None:
        """Show the states there are now, and which one is looked at."""
        with signals_blocked(self._selection):
            changed = self.model.show(self._looking.moments)
            row = self.model.row_of(self._looking.number)
            if row is not None and row != self.view.currentIndex().row():
                self.view.setCurrentIndex(self.model.index(row, 0))
        if changed:
            self._scroll()
        self._display_choice()

    def _scroll(self) -> None:
        self.view.scrollTo(self.view.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _display_choice(self) -> None:
        notice, interpretation = self._looking.notice, self._workspace.interpretation
        self.message.setText(f"<b>{notice}</b><br>{_HINT}" if notice else _PRESENT)
        fixed = interpretation is None or interpretation.project.read_only
        self.back.setEnabled(bool(notice) and not fixed)
        self.back.setToolTip(
            "Nothing can be changed here"
            if fixed
            else "Make this the present state; later edits stay in the time line"
        )

    def _look(self, moment: Moment) -> None:
        # Far away there may be thousands of edits to go through.
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            with refusals_told():
                self._looking.look(moment)
        finally:
            QApplication.restoreOverrideCursor()
        self.display()

    def _on_current(self, current: QModelIndex, before: QModelIndex) -> None:
        if current.isValid():
            self._look(self.model.moments[current.row()])

    def _on_back(self) -> None:
        with refusals_told():
            self._looking.go_back()
        self.display()

    def reject(self) -> None:
        """Return to the present with Esc, Close or the window's cross."""
        self._looking.leave()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:  # type: ignore[override]
        """Return to the present also where the window is closed by others."""
        self._looking.leave()
        super().closeEvent(event)

    def _build(self) -> None:
        self.model = TimeLineModel(self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)  # thousands of rows are drawn at once
        self.view.setAllColumnsShowFocus(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.view.header()
        assert header is not None
        for column, width in _WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.view.setColumnWidth(column, width)
        selection = self.view.selectionModel()
        assert selection is not None
        self._selection = selection
        selection.currentRowChanged.connect(self._on_current)
        self.message = QLabel(_PRESENT)
        self.message.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.message)
        layout.addLayout(self._build_buttons())
        self.resize(520, 440)

    def _build_buttons(self) -> QHBoxLayout:
        self.back, self.end = QPushButton("Go back to here"), QPushButton("Close")
        self.back.clicked.connect(self._on_back)
        self.end.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.back, self.end):
            button.setAutoDefault(False)  # Enter in the list is no answer
            row.addWidget(button)
        return row
