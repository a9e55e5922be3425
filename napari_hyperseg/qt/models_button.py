"""The button that opens the window of the models."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtWidgets import QPushButton

from napari_hyperseg.project.controls import NO_SURVEY_OPEN
from napari_hyperseg.project.session import Session
from napari_hyperseg.qt.models_dialog import ModelsDialog
from napari_hyperseg.viewer.workspace import Workspace

_TIP = "Models of this project: show, compare, name, go on with one, hand one on (Alt+D)"


class ModelsButton(QPushButton):
    """Opens the list of the models; owns its dialog.

    Parameters
    ----------
    workspace : Workspace
        Whose project.
    minutes : callable
        Returns how long to train.
    """

    def __init__(self, workspace: Workspace, minutes: Callable[[], float]) -> None:
        super().__init__("Mo&dels...")
        self._workspace, self._minutes = workspace, minutes
        self.dialog: ModelsDialog | None = None
        self._job: tuple[object, ...] = ()
        self.clicked.connect(self.open_models)

    def open_models(self) -> None:
        """Show the models."""
        if self.dialog is None:
            self.dialog = ModelsDialog(self._workspace, self._minutes, self.window() or self)
        self.dialog.open()

    def display(self, session: Session) -> None:
        """Show the session; what a job saved or ended changes the list."""
        is_open = self._workspace.project is not None
        self.setEnabled(is_open)
        self.setToolTip(_TIP if is_open else NO_SURVEY_OPEN)
        if self.dialog is None:
            return
        self.dialog.display()
        job = (session.phase, session.saved_model, session.last_scores, session.folder)
        if job != self._job:
            self._job = job
            self.dialog.refresh()

    def let_go(self) -> None:
        """Listen no more."""
        if self.dialog is not None:
            self.dialog.let_go()
