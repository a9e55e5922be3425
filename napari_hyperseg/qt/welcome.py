"""What the dock shows before a survey is open: how to open one."""

from __future__ import annotations

from napari.utils.notifications import show_error
from qtpy.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.workspace import Workspace

PLUGIN, SAMPLE = "napari-hyperseg", "sample_cube"
FILES = "Seismic and projects (*.sgy *.segy *.SGY *.SEGY project.json);;All files (*)"
_TEXT = "No survey is open. Drop a SEG-Y file or a project folder on the window, or"


class Welcome(QWidget):
    """A line of text and buttons.

    Parameters
    ----------
    workspace : Workspace
        Whose viewer opens the survey.
    help_button : QPushButton
        Stands beside them.
    """

    def __init__(self, workspace: Workspace, help_button: QPushButton) -> None:
        super().__init__()
        self._viewer = workspace.viewer
        text = QLabel(_TEXT)
        text.setWordWrap(True)
        self.open = QPushButton("Ope&n...")
        self.open.setToolTip(
            "Open a SEG-Y file, with its project if it has one, or a project.json (Alt+N)"
        )
        self.open.clicked.connect(self._on_open)
        self.sample = QPushButton("Sample cu&be")
        self.sample.setToolTip("Open a small labelled cube to try everything with (Alt+B)")
        self.sample.clicked.connect(self._on_sample)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for button in (self.open, self.sample, help_button):
            buttons.addWidget(button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(text)
        layout.addLayout(buttons)

    def open_file(self, path: str) -> None:
        """Open a file; what cannot be read is told."""
        try:
            self._viewer.open(path, plugin=PLUGIN)
        except (HypersegError, ValueError) as error:
            show_error(str(error))

    def _on_open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a survey", "", FILES)
        if path:
            self.open_file(path)

    def _on_sample(self) -> None:
        with refusals_told():
            self._viewer.open_sample(PLUGIN, SAMPLE)
