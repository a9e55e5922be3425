"""The dialog that imports labels: what is said of the files, what they would label, and doing it.

Owns what can be pressed when.  Files are read, and labels written, in threads; what that means
for survey and project is `LabelImport`'s.
"""

from __future__ import annotations

import threading

from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import (
    QDialog,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.qt.background import Background
from napari_hyperseg.qt.label_import_form import LabelImportForm
from napari_hyperseg.qt.label_preview import LabelPreview
from napari_hyperseg.qt.latest import Latest
from napari_hyperseg.qt.long_work import Cancelled
from napari_hyperseg.viewer.label_import import ImportChoice, ImportLook, LabelImport
from napari_hyperseg.viewer.refusals import refusals_told

POLL_MS = 100
_PERMILLE = 1000


class LabelImportDialog(QDialog):
    """Imports labels into the survey that is open.

    Parameters
    ----------
    files : LabelImport
        The import.
    alarm : str
        Style of an error's line.
    parent : QWidget, optional
        The window.
    """

    def __init__(self, files: LabelImport, alarm: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import labels")
        self.files = files
        self.look: ImportLook | None = None
        self._reading = self._writing = self._current = False
        self._unwanted = threading.Event()
        self._written = (0, 0)
        self._latest = Latest(self._on_look, self._on_error, self)
        self._background = Background(self)
        self._build(alarm)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._render_bar)
        self._render("")

    def reject(self) -> None:
        """Close; while labels are written, take them back first."""
        if self._writing:
            self._unwanted.set()
            self._render("Taking back what was written...")
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close; a look that is being taken is forgotten."""
        self._latest.close()
        self._background.close()
        super().done(result)

    def _on_touched(self) -> None:
        """What was looked at is out of date from now on."""
        self.look, self._current = None, False
        self._reading = bool(self.form.choice.files)
        self._render("")

    def _on_choice(self, choice: ImportChoice) -> None:
        self._current = True
        if choice.files:
            self._latest.ask(lambda told: self.files.look(choice, told))

    def _on_look(self, look: ImportLook) -> None:
        if self._current:
            self.look, self._reading = look, False
            self.form.display(look.kind)
            self._render("")

    def _on_error(self, error: HypersegError) -> None:
        if self._current:
            self._reading = False
            self.form.display(self.files.kind)
            self._render(str(error), alarm=True)

    def _on_import(self) -> None:
        look = self.look
        if look is None or self._writing:
            return
        try:
            self.files.begin(look)
        except HypersegError as error:
            self._render(str(error), alarm=True)
            return
        self._writing = True
        self._background.submit(
            lambda: self._write(look),
            lambda complete: self._on_written(look, complete),
            lambda message: self._on_failed(look, message),
        )
        self._render("")

    def _write(self, look: ImportLook) -> bool:
        """Write in the thread; False where that was not wanted any more."""
        try:
            self.files.write(look, self._note)
        except Cancelled:
            return False
        return True

    def _note(self, done: int, total: int) -> None:
        self._written = done, total
        if self._unwanted.is_set() or self._background.closed:
            raise Cancelled

    def _on_written(self, look: ImportLook, complete: bool) -> None:
        self._writing = False
        if complete:
            with refusals_told():
                self.files.finish(look)
            self.accept()
        else:
            with refusals_told():
                self.files.give_up(look)
            super().reject()

    def _on_failed(self, look: ImportLook, message: str) -> None:
        self._writing = False
        with refusals_told():
            self.files.give_up(look)
        self._render(message, alarm=True)

    def _render(self, message: str, *, alarm: bool = False) -> None:
        busy = self._reading or self._writing
        self.form.setEnabled(not self._writing)
        self.ok.setEnabled(self.look is not None and not busy)
        self.preview.display(self.look, self.files.geometry)
        self.message.setText(message)
        self.message.setStyleSheet(self._alarm if alarm else "")
        self.message.setVisible(bool(message))
        self.bar.setVisible(busy)
        self._render_bar()
        if busy:
            self._timer.start()
        else:
            self._timer.stop()

    def _render_bar(self) -> None:
        """Show how far it is; a bar without an end before and after the counting."""
        done, total = self._written if self._writing else self._latest.at
        counting = 0 < done < total
        self.bar.setRange(0, _PERMILLE if counting else 0)
        if counting:
            self.bar.setValue(_PERMILLE * done // total)
        verb = "Writing" if self._writing else "Reading"
        self.bar.setFormat(f"{verb} %p%")

    def _build(self, alarm: str) -> None:
        self._alarm = alarm
        self.form = LabelImportForm(self.files, self._on_touched, self._on_choice)
        self.preview = LabelPreview()
        left, right = _boxed("Files and lines", self.form), _boxed("This would label", self.preview)
        left.setFixedWidth(330)
        columns = QHBoxLayout()
        columns.addWidget(left)
        columns.addWidget(right, 1)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.addLayout(columns, 1)
        layout.addWidget(self.message)
        layout.addLayout(self._build_buttons())
        self.resize(840, 520)

    def _build_buttons(self) -> QHBoxLayout:
        self.bar = QProgressBar()
        self.ok = QPushButton("Import")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._on_import)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.form.browse.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addStretch(1)
        for button in (self.ok, self.cancel):
            row.addWidget(button)
        return row


def _boxed(title: str, widget: QWidget) -> QGroupBox:
    box = QGroupBox(title)
    layout = QVBoxLayout(box)
    layout.setContentsMargins(6, 4, 6, 4)
    layout.addWidget(widget)
    return box


def open_label_import(files: LabelImport, alarm: str, parent: QWidget | None) -> LabelImportDialog:
    """Show the dialog without waiting."""
    dialog = LabelImportDialog(files, alarm, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
