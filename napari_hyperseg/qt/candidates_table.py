"""The header bytes that could hold line numbers, and what each pair would give."""

from __future__ import annotations

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from superqt.utils import signals_blocked

from napari_hyperseg.survey.segy.info import Candidate
from napari_hyperseg.survey.segy.wording import share_text, size_text

_COLUMNS = {
    "inline": "Header byte of the inline number",
    "crossline": "Header byte of the crossline number",
    "lines": "Different inline and crossline numbers in the headers",
    "filled": "Share of the positions that have a trace",
    "traces each": "Traces at such a position, on average",
}
_ROWS_SHOWN = 5


class CandidatesTable(QTableWidget):
    """A row per pair of header bytes, best first; selecting one chooses it.

    Parameters
    ----------
    candidates : tuple of Candidate
    parent : QWidget, optional
    """

    chosen = Signal(object)

    def __init__(self, candidates: tuple[Candidate, ...], parent: QWidget | None = None) -> None:
        super().__init__(len(candidates), len(_COLUMNS), parent)
        self._pairs = [(candidate.inline, candidate.crossline) for candidate in candidates]
        self._build()
        for row, candidate in enumerate(candidates):
            for column, text in enumerate(_texts(candidate)):
                self.setItem(row, column, _item(text))
        self.itemSelectionChanged.connect(self._on_selected)

    def display(self, pair: tuple[int, int] | None) -> None:
        """Select the row of a pair of header bytes; none if it is not in the table."""
        with signals_blocked(self):
            self.clearSelection()
            if pair in self._pairs:
                self.selectRow(self._pairs.index(pair))

    def _on_selected(self) -> None:
        rows = {index.row() for index in self.selectedIndexes()}
        if len(rows) == 1:
            self.chosen.emit(self._pairs[rows.pop()])

    def _build(self) -> None:
        self.setHorizontalHeaderLabels(list(_COLUMNS))
        for column, tip in enumerate(_COLUMNS.values()):
            item = self.horizontalHeaderItem(column)
            assert item is not None
            item.setToolTip(tip)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        vertical, header = self.verticalHeader(), self.horizontalHeader()
        assert vertical is not None
        assert header is not None
        vertical.hide()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        height = vertical.defaultSectionSize() * _ROWS_SHOWN + header.sizeHint().height()
        self.setMinimumHeight(height)


def _texts(candidate: Candidate) -> tuple[str, ...]:
    pair = (str(candidate.inline), str(candidate.crossline))
    return (*pair, size_text(candidate), share_text(candidate.live), f"{candidate.fold:.1f}")


def _item(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
    return item
