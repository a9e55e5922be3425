"""Choosing the survey to work on, and adding one to the project."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from napari_hyperseg.qt.window_opener import WindowOpener
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.workspace import Workspace

FILES = "SEG-Y (*.sgy *.segy *.SGY *.SEGY);;All files (*)"


class SurveyChoice(QWidget):
    """A list of the surveys in the viewer, and a button to add one.

    Parameters
    ----------
    workspace : Workspace
        What the viewer has open.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.list, self.add = QComboBox(), QPushButton()
        self.list.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.list.textActivated.connect(workspace.choose_survey)
        self.add.setText("Add...")
        self.add.setToolTip("Add a SEG-Y file to the project")
        self.add.clicked.connect(self._add)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.add, 0)

    def display(self) -> None:
        """Show which surveys there are, and which is open."""
        keys, tag = self._workspace.surveys, self._workspace.tag
        if [self.list.itemText(at) for at in range(self.list.count())] != keys:
            self.list.clear()
            self.list.addItems(keys)
        self.list.setCurrentText(tag.survey if tag is not None else "")
        path = str(tag.opened.source.path) if tag is not None else ""
        self.list.setToolTip(f"The survey to work on\n{path}".strip())
        self.add.setEnabled(not self._workspace.model.session.read_only)

    def _add(self) -> None:
        folder = str(self._workspace.project.folder.parent) if self._workspace.project else ""
        path, _ = QFileDialog.getOpenFileName(self, "Add a survey", folder, FILES)
        if path:
            self.add_file(Path(path))

    def add_file(self, path: Path) -> None:
        """Take a SEG-Y file into the project; what cannot be read is told."""
        opener = WindowOpener(self.window() or self, self._workspace.viewer.theme)
        with refusals_told():
            opened = opener.of_file(path)
            if opened is not None:
                self._workspace.add_survey(opened.survey)
