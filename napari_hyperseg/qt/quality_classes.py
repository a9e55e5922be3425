"""The quality window's page of classes: their figures, and which is taken for which."""

from __future__ import annotations

import numpy as np
from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.jobs.events import Scores
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.quality import (
    CONFUSION_SAYS,
    NO_SCORES,
    ClassFigures,
    cell_colors,
    class_figures,
    confusion_shares,
    percent,
    plain,
)
from napari_hyperseg.qt.swatch import swatch

_COLUMNS = ("class", "IoU", "recall", "voxels")
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CELL = 78


class ClassesPage(QWidget):
    """Figures of each class above, the confusion matrix below."""

    def __init__(self) -> None:
        super().__init__()
        self.message = QLabel("")
        self.message.setWordWrap(True)
        self.classes, self.matrix = figures_table(_COLUMNS), _table()
        self.matrix.setIconSize(QSize(12, 12))
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self.classes)
        both.addWidget(self.matrix)
        both.setSizes([200, 260])
        both.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(both, 1)
        layout.addWidget(self.message)

    def display(self, scores: Scores | None, legend: Legend) -> None:
        """Show the classes of a legend as they were scored."""
        rows = [] if scores is None else class_figures(scores, legend)
        fill(
            self.classes, [(r.name, plain(r.iou), percent(r.recall), f"{r.voxels:,}") for r in rows]
        )
        for number, row in enumerate(rows):
            item = self.classes.item(number, 0)
            assert item is not None
            item.setIcon(swatch(row.color))
        shares = np.empty((0, 0)) if scores is None else confusion_shares(scores, legend.codes)
        self._fill_matrix(rows, shares)
        self.matrix.setVisible(bool(len(shares)))
        self.message.setText(CONFUSION_SAYS if len(shares) else NO_SCORES if not rows else "")

    def _fill_matrix(self, rows: list[ClassFigures], shares: np.ndarray) -> None:
        size = len(shares)
        self.matrix.setRowCount(size)
        self.matrix.setColumnCount(size)
        for number, row in enumerate(rows[:size]):
            for set_header in (
                self.matrix.setVerticalHeaderItem,
                self.matrix.setHorizontalHeaderItem,
            ):
                header = QTableWidgetItem(swatch(row.color), row.name)
                header.setToolTip(row.name)
                set_header(number, header)
            self.matrix.setColumnWidth(number, _CELL)
            for other in range(size):
                self.matrix.setItem(number, other, _cell(rows, number, other, shares))


def _cell(
    rows: list[ClassFigures], number: int, other: int, shares: np.ndarray
) -> QTableWidgetItem:
    share = float(shares[number, other])
    item = QTableWidgetItem(percent(share))
    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
    if np.isfinite(share):
        background, ink = map(QColor, cell_colors(share))
        item.setBackground(background)
        item.setForeground(ink)
        item.setToolTip(f"{share:.2%} of {rows[number].name} is predicted as {rows[other].name}")
    return item


def figures_table(columns: tuple[str, ...]) -> QTableWidget:
    """Return a table of names, which take the room there is, and figures."""
    table = _table()
    table.setColumnCount(len(columns))
    table.setHorizontalHeaderLabels(columns)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table


def fill(table: QTableWidget, rows: list[tuple[str, ...]]) -> None:
    """Put texts in a table; what is not the first column is a figure."""
    table.setRowCount(len(rows))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if column:
                item.setTextAlignment(_RIGHT)
            table.setItem(number, column, item)


def _table() -> QTableWidget:
    table = QTableWidget()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.verticalHeader().setDefaultSectionSize(24)
    return table
