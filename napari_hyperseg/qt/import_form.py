"""What is found in a horizon file, and what may be said of it besides its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)
from superqt.utils import signals_blocked

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.picks import HorizonChoice
from napari_hyperseg.survey.horizon_files.text import as_number
from napari_hyperseg.survey.horizon_files.vertical import KINDS
from napari_hyperseg.viewer.horizon_import import ImportItem
from napari_hyperseg.viewer.import_words import doubts, facts

_JUDGED = "as the file says"
_FACTS = ("format", "picks", "inlines", "crosslines", "range")


class ImportForm(QWidget):
    """Name, unit and undefined value of one file; below, what is found and what is not sure.

    Parameters
    ----------
    chosen : callable
        Told a `HorizonChoice`.
    renamed : callable
        Told the name.
    for_all : callable
        Asked to say the same of all files.
    several : bool
        Whether there is more than one file.
    """

    def __init__(
        self,
        chosen: Callable[[HorizonChoice], object],
        renamed: Callable[[str], object],
        for_all: Callable[[], object],
        *,
        several: bool,
    ) -> None:
        super().__init__()
        self._chosen = chosen
        self._choice = HorizonChoice()
        self._build(renamed, for_all, several)

    def display(self, item: ImportItem, geometry: Geometry) -> None:
        """Show what is known of a file."""
        self._choice = item.choice
        with (
            signals_blocked(self.name),
            signals_blocked(self.unit),
            signals_blocked(self.undefined),
        ):
            if self.name.text() != item.name:
                self.name.setText(item.name)
            self._render_units(item, geometry)
            if as_number(self.undefined.text()) != item.choice.undefined:
                value = item.choice.undefined
                self.undefined.setText("" if value is None else f"{value:g}")
        for title, text in facts(item, geometry).items():
            self.facts[title].setText(text)
        self.doubts.setPlainText(doubts(item) or "Nothing is in doubt.")

    def _render_units(self, item: ImportItem, geometry: Geometry) -> None:
        units = KINDS[geometry.domain]
        found = item.preview.unit if item.preview is not None else ""
        judged = f"{_JUDGED}: {found}" if found and item.choice.unit is None else _JUDGED
        self.unit.clear()
        self.unit.addItems([judged, *units])
        self.unit.setCurrentIndex(units.index(item.choice.unit) + 1 if item.choice.unit else 0)

    def _on_unit(self, number: int) -> None:
        unit = self.unit.itemText(number) if number > 0 else None
        self._chosen(replace(self._choice, unit=unit))  # type: ignore[arg-type]

    def _on_undefined(self) -> None:
        value = as_number(self.undefined.text())
        if value is None:
            self.undefined.clear()
        self._chosen(replace(self._choice, undefined=value))

    def _build(
        self, renamed: Callable[[str], object], for_all: Callable[[], object], several: bool
    ) -> None:
        self.name, self.undefined, self.unit = QLineEdit(), QLineEdit(), QComboBox()
        self.undefined.setPlaceholderText("1e30 and the like are known")
        self.for_all = QPushButton("Say the same of all files")
        self.for_all.setVisible(several)
        self.facts = {title: QLabel("-") for title in _FACTS}
        for label in self.facts.values():
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.doubts = QPlainTextEdit()
        self.doubts.setReadOnly(True)
        self.doubts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.doubts.setMinimumHeight(48)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(3)
        form.addRow("name", self.name)
        form.addRow("unit", self.unit)
        form.addRow("undefined", self.undefined)
        form.addRow("", self.for_all)
        for title, label in self.facts.items():
            form.addRow(title, label)
        form.addRow("in doubt", self.doubts)
        self.name.textChanged.connect(renamed)
        self.unit.activated.connect(self._on_unit)
        self.undefined.editingFinished.connect(self._on_undefined)
        self.for_all.clicked.connect(lambda: for_all())
