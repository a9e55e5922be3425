"""The red line at the top of the dock while edits do not reach the disk.

Owns that saving is tried again every few seconds, and that a window with unsaved edits is not
closed without a question.
"""

from __future__ import annotations

from weakref import ref

from napari.utils.theme import get_theme
from qtpy.QtCore import QEvent, QObject, QTimer
from qtpy.QtWidgets import QLabel, QMainWindow, QMessageBox, QWidget

from napari_hyperseg.qt.alarm import alarm_style
from napari_hyperseg.viewer.workspace import Workspace

AGAIN_MS = 3000
_QUESTION = "Close all the same? What is not on the disk is lost then."


class TroubleLine(QLabel):
    """Says what keeps edits from the disk; takes no room while nothing does.

    Parameters
    ----------
    workspace : Workspace
        Whose surveys.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._window: ref[QMainWindow] | None = None  # weak: it owns this line
        self.setWordWrap(True)
        self._timer = QTimer(self)
        self._timer.setInterval(AGAIN_MS)
        self._timer.timeout.connect(self.try_again)
        self._timer.start()
        self.display()

    def display(self) -> None:
        """Show the trouble there is."""
        self._watch()
        text = self._trouble()
        self.setText(text)
        self.setVisible(bool(text))
        if text:
            self.setStyleSheet(alarm_style(get_theme(self._workspace.viewer.theme).error.as_hex()))

    def try_again(self) -> None:
        """Try to save what the disk did not take."""
        for interpretation in self._workspace.interpretations:
            interpretation.try_again()
        self.display()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # type: ignore[override]
        """Stop the window from closing where the user wants to make room on the disk first."""
        closes = event.type() == QEvent.Type.Close and isinstance(watched, QMainWindow)
        if closes and self._stays_open():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _watch(self) -> None:
        """Hear when the window that this line is in wants to close."""
        widget = self.parentWidget()
        while widget is not None and not isinstance(widget, QMainWindow):
            widget = widget.parentWidget()
        known = self._window() if self._window is not None else None
        if widget is not None and widget is not known:
            self._window = ref(widget)
            widget.installEventFilter(self)

    def _stays_open(self) -> bool:
        self.try_again()
        trouble = self._trouble()
        return bool(trouble) and not self._closes_anyway(trouble)

    def _closes_anyway(self, trouble: str) -> bool:
        box = QMessageBox(self.window())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Unsaved edits")
        box.setText(trouble)
        box.setInformativeText(_QUESTION)
        close = box.addButton("Close and lose them", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.exec()
        box.deleteLater()
        return box.clickedButton() is close

    def _trouble(self) -> str:
        told = (interpretation.trouble for interpretation in self._workspace.interpretations)
        return "\n".join(dict.fromkeys(filter(None, told)))
