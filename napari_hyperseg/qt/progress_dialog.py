"""How far some long work is, with a Cancel button."""

from __future__ import annotations

import time

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from napari_hyperseg.project.wording import rate_text

_PERMILLE = 1000


class ProgressDialog(QDialog):
    """Shows traces so far, of how many, and how fast; `rejected` is Cancel.

    Parameters
    ----------
    title : str
        What is going on.
    started : float
        When it began, by `time.monotonic`.
    parent : QWidget, optional
        The window.
    """

    def __init__(self, title: str, started: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._started = started
        self.setWindowTitle("hyperseg")
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self._build(title)

    def display(self, done: int, total: int) -> None:
        """Show how far it is; a bar without an end before and after the counting."""
        counting = 0 < done < total
        self.bar.setRange(0, _PERMILLE if counting else 0)
        if counting:
            self.bar.setValue(_PERMILLE * done // total)
        self.figures.setText(rate_text(done, total, time.monotonic() - self._started))

    def _build(self, title: str) -> None:
        self.title = QLabel(title)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.figures = QLabel()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.title, self.bar, self.figures, buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(460)
        self.display(0, 0)
