"""The first lines of a horizon file as a table, over each column what it holds."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtWidgets import QComboBox, QTableWidget, QTableWidgetItem
from superqt.utils import signals_blocked

from napari_hyperseg.survey.horizon_files.content import Cells, Columns

IGNORE = "ignore"
MEANINGS = (IGNORE, "inline", "crossline", "x", "y", "z")


class ColumnTable(QTableWidget):
    """Shows rows of text; asks for the meaning of the columns.

    Parameters
    ----------
    chosen : callable
        Told the columns when the user changes one.
    """

    def __init__(self, chosen: Callable[[Columns], object]) -> None:
        super().__init__(0, 0)
        self._chosen = chosen
        self._cells: Cells = ()
        self.meanings: list[QComboBox] = []
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        header, rows = self.horizontalHeader(), self.verticalHeader()
        assert header is not None
        assert rows is not None
        header.setDefaultSectionSize(112)
        rows.hide()
        rows.setDefaultSectionSize(22)

    def display(self, cells: Cells, columns: Columns | None, *, asks: bool) -> None:
        """Show rows; `asks`: with boxes over the columns."""
        if cells != self._cells or bool(self.meanings) != asks:
            self._fill(cells, asks)
        for number, box in enumerate(self.meanings):
            with signals_blocked(box):
                box.setCurrentText(_meaning(columns, number))

    def columns(self) -> Columns:
        """Return what the boxes say."""
        said = {box.currentText(): number for number, box in enumerate(self.meanings)}
        said.pop(IGNORE, None)
        return Columns(**said)

    def _fill(self, cells: Cells, asks: bool) -> None:
        self._cells, self.meanings = cells, []
        self.clear()
        width = max(map(len, cells), default=0)
        first = int(asks)
        self.setColumnCount(width)
        self.setRowCount(len(cells) + first)
        self.setHorizontalHeaderLabels([f"column {n + 1}" for n in range(width)])
        for row, line in enumerate(cells):
            for column, text in enumerate(line):
                self.setItem(row + first, column, QTableWidgetItem(text))
        if asks:
            self.meanings = [self._box(column) for column in range(width)]

    def _box(self, column: int) -> QComboBox:
        box = QComboBox()
        box.addItems(MEANINGS)
        box.setToolTip(f"What column {column + 1} holds")
        box.currentTextChanged.connect(lambda text: self._on_meaning(column, text))
        self.setCellWidget(0, column, box)
        return box

    def _on_meaning(self, column: int, text: str) -> None:
        """Take the meaning from the column that had it."""
        for number, box in enumerate(self.meanings):
            if number != column and box.currentText() == text and text != IGNORE:
                with signals_blocked(box):
                    box.setCurrentText(IGNORE)
        self._chosen(self.columns())


def _meaning(columns: Columns | None, number: int) -> str:
    if columns is None:
        return IGNORE
    return next((name for name in MEANINGS[1:] if getattr(columns, name) == number), IGNORE)
