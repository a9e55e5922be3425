"""Handing models on from the window: export, import, delete; files are asked for, work is beside.

Knows no list; who has it says what is told and what comes after.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from napari.utils.notifications import show_error
from qtpy.QtWidgets import QFileDialog, QMessageBox, QWidget

from napari_hyperseg.learn.model_file import SUFFIX
from napari_hyperseg.project import model_files
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.model_list import ModelFacts
from napari_hyperseg.qt.background import Background

_FILES = f"Models (*{SUFFIX});;All files (*)"


class ModelExchange:
    """Asks, and works in the background.

    Parameters
    ----------
    parent : QWidget
        Over which questions lie.
    background : Background
    told : callable
        Told, in a line, what is going on; an empty line: nothing.
    imported, deleted : callable
        Told the ID of a model that is there now, or gone.
    """

    def __init__(
        self,
        parent: QWidget,
        background: Background,
        told: Callable[[str], None],
        imported: Callable[[str], object],
        deleted: Callable[[str], object],
    ) -> None:
        self._parent, self._background, self._told = parent, background, told
        self._imported, self._deleted = imported, deleted

    def export_model(self, project: Project, one: ModelFacts) -> None:
        """Write a model into a file of the user's choice."""
        start = str(project.folder.parent / f"{one.title}{SUFFIX}")
        title = f"Export {one.title}"
        path, _ = QFileDialog.getSaveFileName(self._parent, title, start, _FILES)
        if path:
            self._told("Writing the file...")
            work = partial(model_files.export_model, project, one.model, Path(path))
            self._background.submit(work, lambda file: self._told(f"Written: {file}"), self._fail)

    def import_model(self, project: Project) -> None:
        """Take the model of a file of the user's choice."""
        path, _ = QFileDialog.getOpenFileName(self._parent, "Import a model", "", _FILES)
        if path:
            self._told("Checking the file...")
            work = partial(model_files.import_model, project, Path(path))
            self._background.submit(work, self._done(self._imported), self._fail)

    def delete_model(self, project: Project, one: ModelFacts) -> None:
        """Remove a model, if the user says yes."""
        question = f"Delete {one.title} and its predictions? This cannot be undone."
        answer = QMessageBox.question(self._parent, "Delete a model", question)
        if answer == QMessageBox.StandardButton.Yes:
            work = partial(model_files.delete_model, project, one.model)
            self._background.submit(work, self._done(self._deleted), self._fail)

    def _done(self, then: Callable[[str], object]) -> Callable[[str], None]:
        def done(model: str) -> None:
            self._told("")
            then(model)

        return done

    def _fail(self, message: str) -> None:
        self._told("")
        show_error(message)
