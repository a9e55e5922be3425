"""The dialog that asks how a SEG-Y file is to be read, and shows what each answer gives.

Owns the composition and when a file can be opened; what comes of a reading is worked out by
`SegyExplorer`, in a thread.
"""

from __future__ import annotations

from napari.utils.theme import get_theme
from qtpy.QtCore import QTimer
from qtpy.QtGui import QFontDatabase
from qtpy.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.errors import HypersegError, ReadingError
from napari_hyperseg.qt.candidates_table import CandidatesTable
from napari_hyperseg.qt.latest import Latest
from napari_hyperseg.qt.reading_fields import ReadingFields
from napari_hyperseg.qt.reading_outcome import ReadingOutcome
from napari_hyperseg.survey.segy.exploring import Look, SegyExplorer
from napari_hyperseg.survey.segy.reading import Reading

DEBOUNCE_MS = 250
WORKING = "Working it out..."


class ReadingDialog(QDialog):
    """Asks how a file is to be read; accepted, `said` is the answer.

    Parameters
    ----------
    explorer : SegyExplorer
        Of the file; the dialog's until it is closed.
    said : Reading
        What is said of the file at the beginning.
    question : str
        What is odd, or why nothing can be changed: one line.
    theme : str
        Name of napari's theme.
    fixed : bool
        Whether the answer cannot be used, only looked at.
    parent : QWidget, optional
        The window.
    """

    def __init__(
        self,
        explorer: SegyExplorer,
        said: Reading,
        question: str,
        theme: str,
        *,
        fixed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._explorer, self._first, self._fixed = explorer, said, fixed
        self.look: Look | None = None
        self._latest = Latest(self._on_look, self._on_error, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(DEBOUNCE_MS)
        self._soon.timeout.connect(self._ask)
        self.setWindowTitle(f"How to read {explorer.path.name}")
        self._build(question, theme)
        self._ask()

    @property
    def said(self) -> Reading:
        """What the user says of the file."""
        return self.fields.said

    def done(self, result: int) -> None:
        """Close; a preview that is being worked out is forgotten."""
        self._latest.close()
        super().done(result)

    def _ask(self) -> None:
        """Have the present choice worked out."""
        said = self.said
        self._latest.ask(lambda progress: _looked(self._explorer.look(said, progress)))

    def _on_changed(self) -> None:
        self._show_look(None)
        self.outcome.display_work(WORKING)
        self._soon.start()

    def _on_look(self, look: Look) -> None:
        if self._soon.isActive():
            return
        self._show_look(look)
        self.fields.display(look.reading)
        self.table.display(look.reading.lines)
        self.outcome.display(look)

    def _on_error(self, error: HypersegError) -> None:
        if self._soon.isActive():
            return
        self.fields.display(self.said)
        self.table.display(self.said.lines)
        self.outcome.display_error(error.what if isinstance(error, ReadingError) else str(error))

    def _show_look(self, look: Look | None) -> None:
        self.look = look
        can_open = look is not None and look.undecided is None and not self._fixed
        self.open_button.setEnabled(can_open)

    def _on_pair(self, pair: tuple[int, int]) -> None:
        self.fields.choose_lines(pair)

    def _on_reset(self) -> None:
        self.fields.said = self._first
        self._on_changed()

    def _build(self, question: str, theme: str) -> None:
        self.question = QLabel(question)
        self.question.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.addTab(self._build_choice(theme), "Header bytes")
        self.tabs.addTab(self._build_text(), "Text header")
        layout = QVBoxLayout(self)
        if question:
            layout.addWidget(self.question)
        layout.addWidget(self.tabs, stretch=1)
        layout.addWidget(self._build_buttons())
        self.resize(960, 620)
        self.table.setFocus()

    def _build_choice(self, theme: str) -> QWidget:
        colors = get_theme(theme)
        last_byte = self._explorer.last_byte
        self.table = CandidatesTable(self._explorer.candidates)
        self.table.chosen.connect(self._on_pair)
        self.fields = ReadingFields(self._first, self._explorer.offsets, last_byte)
        self.fields.changed.connect(self._on_changed)
        self.outcome = ReadingOutcome(colors.background.as_hex(), colors.text.as_hex())
        left = QVBoxLayout()
        left.addWidget(_boxed("What could hold line numbers", self.table), stretch=1)
        left.addWidget(_boxed("Read with", self.fields))
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(4, 4, 4, 4)
        row.addLayout(left, stretch=5)
        row.addWidget(_boxed("This gives", self.outcome), stretch=4)
        return page

    def _build_text(self) -> QPlainTextEdit:
        self.text = QPlainTextEdit("\n".join(self._explorer.text_header))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
        self.text.setStyleSheet(f"font-family: '{family}', monospace;")
        return self.text

    def _build_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.open_button = QPushButton("Open")
        self.open_button.setDefault(True)
        self.open_button.setEnabled(False)
        self.reset = QPushButton("Start again")
        self.reset.setToolTip("Forget what was changed here")
        self.reset.clicked.connect(self._on_reset)
        self.cancel = QPushButton("Close" if self._fixed else "Cancel")
        buttons.addButton(self.open_button, role.AcceptRole)
        buttons.addButton(self.cancel, role.RejectRole)
        buttons.addButton(self.reset, role.ResetRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        for button in (self.reset, self.cancel):
            button.setAutoDefault(False)
        return buttons


def _looked(look: Look) -> Look:
    """Work out the map here, in the thread."""
    assert look.coverage.ndim
    return look


def _boxed(title: str, widget: QWidget) -> QGroupBox:
    box = QGroupBox(title)
    layout = QVBoxLayout(box)
    layout.setContentsMargins(6, 4, 6, 4)
    layout.addWidget(widget)
    return box
