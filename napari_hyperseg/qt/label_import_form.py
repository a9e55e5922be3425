"""What is asked of an import of labels: files, lines, radius, and what happens to others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from napari_hyperseg.labels.wells.columns import ROLES
from napari_hyperseg.survey.horizon_files.vertical import KINDS, Unit
from napari_hyperseg.viewer.label_import import ImportChoice, LabelImport

DEBOUNCE_MS = 300
NO_FILE = "Facies (.npy, .sgy), horizons or wells (.csv)"
_FILTER = (
    "Labels (*.npy *.sgy *.segy *.csv *.txt *.dat *.asc *.xyz *.irap *.poi *.zmap *.cps *.hor)"
    ";;All files (*)"
)
_JUDGED = "as the file says"


class LabelImportForm(QWidget):
    """Fields for everything that may be said of an import.

    Parameters
    ----------
    files : LabelImport
        Whose survey and default radius are shown.
    touched : callable
        Told at once that the choice is another one.
    changed : callable
        Told the choice, a moment after the last change.
    """

    def __init__(
        self,
        files: LabelImport,
        touched: Callable[[], object],
        changed: Callable[[ImportChoice], object],
    ) -> None:
        super().__init__()
        self._files: tuple[Path, ...] = ()
        self._touched = touched
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(DEBOUNCE_MS)
        self._soon.timeout.connect(lambda: changed(self.choice))
        self._build(files)
        self.display(None)

    @property
    def choice(self) -> ImportChoice:
        """What the fields say."""
        unit = self.unit.currentText() if self.unit.currentIndex() > 0 else None
        return ImportChoice(
            files=self._files,
            inlines=self.inlines.text(),
            crosslines=self.crosslines.text(),
            radius=self.radius.text(),
            unit=next((known for known in get_args(Unit) if known == unit), None),
            columns=self.columns.text(),
            keep=self.keep.isChecked(),
        )

    def choose_files(self, files: tuple[Path, ...]) -> None:
        """Import other files."""
        self._files = files
        names = ", ".join(file.name for file in files)
        self.names.setText(names or NO_FILE)
        self.names.setToolTip("\n".join(map(str, files)))
        self._touch()

    def display(self, kind: str | None) -> None:
        """Offer what concerns files of a kind; None: not known."""
        for field in (self.radius, self.unit, self.columns):
            title = self.form.labelForField(field)
            assert title is not None
            for widget in (title, field):
                widget.setVisible(kind == "wells")

    def _touch(self) -> None:
        everywhere = not (self.inlines.text() or self.crosslines.text())
        for field in (self.inlines, self.crosslines):
            field.setPlaceholderText("all" if everywhere else "none")
        self._touched()
        self._soon.start()

    def _on_browse(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, "Import labels", "", _FILTER)
        if paths:
            self.choose_files(tuple(map(Path, paths)))

    def _build(self, files: LabelImport) -> None:
        self.browse = QPushButton("Choose files...")
        self.browse.setToolTip("Several horizon files at once, or one of the others")
        self.browse.clicked.connect(self._on_browse)
        self.names = QElidingLabel(NO_FILE)
        self.form = QFormLayout()
        self.form.setContentsMargins(0, 0, 0, 0)
        self._build_fields(files)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.browse, self.names):
            layout.addWidget(widget)
        layout.addLayout(self.form)
        layout.addStretch(1)

    def _build_fields(self, files: LabelImport) -> None:
        self.inlines = _field(
            "all", "Survey numbers such as 100-200:10, 250; both empty: all traces"
        )
        self.crosslines = _field("all", self.inlines.toolTip())
        self.radius = _field(
            files.default_radius, "How far from a well to label: 50 (metres), or 3 traces"
        )
        self.columns = _field(
            "as they are named", f"Otherwise ROLE=NAME, ROLE=NUMBER; roles: {', '.join(ROLES)}"
        )
        self.unit = QComboBox()
        self.unit.addItems([_JUDGED, *KINDS[files.geometry.domain]])
        self.unit.setToolTip("Of tops and bases")
        self.replace = QRadioButton("Replace labels that are there")
        self.keep = QRadioButton("Label only where nothing is labelled yet")
        self.replace.setChecked(True)
        self.form.addRow("inlines", self.inlines)
        self.form.addRow("crosslines", self.crosslines)
        self.form.addRow("radius", self.radius)
        self.form.addRow("unit", self.unit)
        self.form.addRow("columns", self.columns)
        for button in (self.replace, self.keep):
            self.form.addRow(button)
        for field in (self.inlines, self.crosslines, self.radius, self.columns):
            field.textChanged.connect(lambda _: self._touch())
        self.unit.activated.connect(lambda _: self._touch())
        self.keep.toggled.connect(lambda _: self._touch())


def _field(placeholder: str, tip: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setToolTip(tip)
    return field
