"""The button that opens the quality window, and whether there is anything to show there."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtWidgets import QPushButton

from napari_hyperseg.jobs.events import METRICS
from napari_hyperseg.project.session import Session
from napari_hyperseg.project.training_record import has_scores
from napari_hyperseg.qt.quality_dialog import QualityDialog
from napari_hyperseg.viewer.workspace import Workspace

_TIP = "How good the training is, class by class and boundary by boundary, and where it is unsure"
_NOTHING = "There is no trained model with held-out figures yet"


class QualityButton(QPushButton):
    """Opens the quality window.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__("&Quality...")
        self._workspace = workspace
        self._colors = "black", "white"
        self._looked: tuple[Path, int] | None = None  # a file, and its size
        self._scored = False
        self.dialog: QualityDialog | None = None
        self.clicked.connect(self.open_dialog)

    def display(self, session: Session) -> None:
        """Show whether there are scores; hand what is new on to the window."""
        there = session.last_scores is not None or self._on_disk(session)
        self.setEnabled(there)
        self.setToolTip(f"{_TIP if there else _NOTHING} (Alt+Q)")
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.display()

    def open_dialog(self) -> None:
        """Show the window."""
        if self.dialog is None:
            self.dialog = QualityDialog(self._workspace, self.window() or self)
            self.dialog.set_colors(*self._colors)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.dialog.display()

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self._colors = background, text
        if self.dialog is not None:
            self.dialog.set_colors(background, text)

    def let_go(self) -> None:
        """Close the window."""
        if self.dialog is not None:
            self.dialog.let_go()
            self.dialog.close()

    def _on_disk(self, session: Session) -> bool:
        """Whether the model's file has scores; it is read when it has become another one."""
        project = self._workspace.model.project
        if project is None or session.model is None:
            return False
        path = project.model_folder(session.model) / METRICS
        now = path, path.stat().st_size if path.exists() else 0
        if now != self._looked:
            self._looked, self._scored = now, has_scores(path)
        return self._scored
