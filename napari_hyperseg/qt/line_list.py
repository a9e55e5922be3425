"""The list of labelled lines: a bar in the colours of classes, or horizons, for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qtpy.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt
from qtpy.QtGui import QColor, QFont, QFontMetrics
from qtpy.QtWidgets import (
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from napari_hyperseg.viewer.line_rows import LineRow

TITLE, BAR, AMOUNT = range(3)
ROW_HEIGHT = 20
_PADDING = 14
_HEADERS = ("line", "labels", "voxels")
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROLE = Qt.ItemDataRole
Place = tuple[int, int]

Index = Any  # the Qt bindings differ in what they call it


class LineModel(QAbstractTableModel):
    """Rows, and the place that is on screen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[LineRow, ...] = ()
        self._at: dict[Place, int] = {}
        self._present: Place | None = None

    @property
    def present(self) -> int | None:
        """The row of the line on screen; None if that carries no labels."""
        return None if self._present is None else self._at.get(self._present)

    def show(self, rows: Sequence[LineRow]) -> None:
        """List these lines; where they are the same ones, the view stays as it is."""
        same = [row.place for row in rows] == [row.place for row in self.rows]
        if not same:
            self.beginResetModel()
        self.rows = tuple(rows)
        self._at = {row.place: number for number, row in enumerate(rows)}
        if not same:
            self.endResetModel()
        elif rows:
            self._tell(0, len(rows) - 1)

    def mark(self, place: Place | None) -> bool:
        """Mark the line on screen; True if it is another one than before."""
        before, self._present = (self._present, self.present), place
        for row in {before[1], self.present}:
            if row is not None:
                self._tell(row, row)
        return before != (place, self.present)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Return the number of columns."""
        return len(_HEADERS)

    def headerData(self, section: int, orientation: Any, role: int = _ROLE.DisplayRole) -> Any:
        """Return a column's heading."""
        return _HEADERS[section] if role == _ROLE.DisplayRole else None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """Return what the view asks of a cell."""
        row, column = self.rows[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return {TITLE: row.title, AMOUNT: row.amount}.get(column)
        if role == _ROLE.ToolTipRole:
            return row.tip
        if role == _ROLE.UserRole:
            return row
        if role == _ROLE.TextAlignmentRole and column == AMOUNT:
            return _RIGHT
        if role == _ROLE.FontRole and index.row() == self.present:
            return _bold(QFont())
        return None

    def _tell(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, AMOUNT))


class BarDelegate(QStyledItemDelegate):
    """Draws the shares of the classes side by side."""

    def paint(self, painter: Any, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a bar as wide as the column."""
        super().paint(painter, option, index)
        if painter is None:
            return
        box = option.rect.adjusted(2, 4, -2, -4)
        left = float(box.left())
        for color, share in index.data(_ROLE.UserRole).bar:
            right = left + share * box.width()
            part = box.adjusted(0, 0, 0, 0)
            part.setLeft(round(left))
            part.setRight(max(round(right) - 1, round(left)))
            painter.fillRect(part, QColor(color))
            left = right

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a small size; the column takes what is left."""
        return QSize(40, ROW_HEIGHT)


class LineList(QTreeView):
    """Labelled lines; a click or Enter asks for one.

    Parameters
    ----------
    asked : callable
        Told the place of a line.
    """

    def __init__(self, asked: Callable[[Place], object]) -> None:
        super().__init__()
        self._asked = asked
        self.lines = LineModel(self)
        self.setModel(self.lines)
        self.setItemDelegateForColumn(BAR, BarDelegate(self))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        header = self.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(BAR, QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(self._on_asked)
        self.activated.connect(self._on_asked)

    def display(self, rows: Sequence[LineRow] | None, present: Place | None) -> None:
        """Show other lines, or None: the same; and mark the one that is on screen."""
        if rows is not None:
            self.lines.show(rows)
            self._fit(rows)
        if self.lines.mark(present) or rows is not None:
            self._follow()

    def _fit(self, rows: Sequence[LineRow]) -> None:
        """Make the columns wide enough; Qt would ask for the size of each of a thousand rows."""
        metrics = QFontMetrics(_bold(self.font()))
        columns = ((TITLE, [row.title for row in rows]), (AMOUNT, [row.amount for row in rows]))
        for column, texts in columns:
            longest = max([_HEADERS[column], *texts], key=len)
            self.setColumnWidth(column, metrics.horizontalAdvance(longest) + _PADDING)

    def _follow(self) -> None:
        """Bring the marked line into sight."""
        row = self.lines.present
        if row is not None:
            index = self.lines.index(row, TITLE)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        else:
            self.clearSelection()

    def _on_asked(self, index: QModelIndex) -> None:
        self._asked(self.lines.rows[index.row()].place)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
