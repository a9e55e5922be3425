"""How a window opens surveys: in a thread, with progress, asking what a file does not say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from napari.utils.notifications import show_info
from qtpy.QtWidgets import QDialog, QWidget

from napari_hyperseg.errors import ProjectError, ReadingError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.qt.long_work import Cancelled, Progress, in_thread
from napari_hyperseg.qt.reading_dialog import ReadingDialog
from napari_hyperseg.survey.segy.exploring import NOTHING_SAID, SegyExplorer
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.wording import question_text
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.opening import Opened, opened_beside, without_project

Result = TypeVar("Result")


class WindowOpener:
    """Opens surveys while the window lives; None if the user presses Cancel.

    Parameters
    ----------
    window : QWidget
        Over which progress and questions are shown.
    theme : str
        Name of napari's theme.
    """

    def __init__(self, window: QWidget, theme: str) -> None:
        self._window, self._theme = window, theme

    def of_project(self, project: Project, key: str) -> Survey | None:
        """Open a survey of a project."""
        path = project.entry(key).path
        try:
            return self._read(path, lambda progress: project.open_survey(key, progress))
        except Cancelled:
            _tell_not_opened(path)
            return None

    def of_file(self, path: Path) -> Opened | None:
        """Open a SEG-Y file; raises what cannot be mended by another choice."""
        try:
            return self._of_file(path)
        except Cancelled:
            _tell_not_opened(path)
            return None

    def explore(self, path: Path) -> SegyExplorer:
        """Read a file's headers.

        Raises
        ------
        Cancelled
            If the user does not want to wait.
        SurveyError
            If the file is not SEG-Y that can be read.
        """
        return self._read(path, lambda progress: SegyExplorer(path, progress))

    def ask(
        self, explorer: SegyExplorer, said: Reading, question: str, *, fixed: bool = False
    ) -> ReadingDialog | None:
        """Ask how to read a file; None if the user does not say."""
        dialog = ReadingDialog(
            explorer, said, question, self._theme, fixed=fixed, parent=self._window
        )
        try:
            return dialog if dialog.exec() == QDialog.DialogCode.Accepted else None
        finally:
            dialog.deleteLater()

    def open(self, explorer: SegyExplorer, said: Reading) -> Opened:
        """Open a file as it was said; raises `Cancelled`."""
        return self._read(explorer.path, lambda _: Opened.of(explorer.open(said)))

    def _of_file(self, path: Path) -> Opened:
        try:
            beside = self._read(path, lambda progress: opened_beside(path, progress))
        except ProjectError as error:
            without_project(error)
            beside = None
        if beside is not None:
            return beside
        found = self._read(path, lambda progress: _explored(path, progress))
        if isinstance(found, Opened):
            return found
        explorer, said, question = found
        answer = self.ask(explorer, said, question)
        if answer is None:
            raise Cancelled
        return self.open(explorer, answer.said)

    def _read(self, path: Path, work: Callable[[Progress], Result]) -> Result:
        return in_thread(work, f"Reading the trace headers of {path.name}", self._window)


def _explored(path: Path, progress: Progress) -> Opened | tuple[SegyExplorer, Reading, str]:
    """Open a file, or return what is to be asked: explorer, what is known, question."""
    explorer = SegyExplorer(path, progress)
    try:
        look = explorer.look()
    except ReadingError as error:
        return _with_candidates(explorer), NOTHING_SAID, error.what
    if look.open_question:
        return _with_candidates(explorer), Reading(look.reading.lines), question_text(look)
    return Opened.of(explorer.open())


def _with_candidates(explorer: SegyExplorer) -> SegyExplorer:
    """Work out here, in the thread, what the dialog shows first."""
    assert explorer.candidates is not None
    assert explorer.offsets is not None
    return explorer


def _tell_not_opened(path: Path) -> None:
    show_info(f"{path.name} was not opened.")
