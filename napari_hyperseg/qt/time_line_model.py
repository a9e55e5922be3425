"""The rows of the time line, newest first, made as they come into view."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from qtpy.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from qtpy.QtGui import QColor, QFont

from napari_hyperseg.project.time_line import Moment, Standing, time_text

TIME, TOOL, WORDS = range(3)
_HEADERS = ("time", "tool", "what")
_FAINT = QColor("#8a8d91")  # is read on dark and on light
_ROLE = Qt.ItemDataRole


class TimeLineModel(QAbstractTableModel):
    """States of a survey as a table.

    Parameters
    ----------
    parent : QObject

    Attributes
    ----------
    moments : tuple of Moment
        Newest first.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.moments: tuple[Moment, ...] = ()
        self._rows: dict[int, int] = {}

    def show(self, moments: Sequence[Moment]) -> bool:
        """List these, given oldest first; False where they are the ones that are listed."""
        rows = tuple(reversed(moments))
        if rows == self.moments:
            return False
        self.beginResetModel()
        self.moments = rows
        self._rows = {moment.number: row for row, moment in enumerate(rows)}
        self.endResetModel()
        return True

    def row_of(self, number: int | None) -> int | None:
        """Return the row of a revision; None if it is not listed."""
        return None if number is None else self._rows.get(number)

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # type: ignore[override]
        """Return how many states there are."""
        return 0 if parent is not None and parent.isValid() else len(self.moments)

    def columnCount(self, parent: QModelIndex | None = None) -> int:  # type: ignore[override]
        """Return time, tool and words."""
        return len(_HEADERS)

    def headerData(self, section: int, orientation: Any, role: int = _ROLE.DisplayRole) -> Any:
        """Name the columns."""
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return _HEADERS[section]
        return None

    def data(self, index: QModelIndex, role: int = _ROLE.DisplayRole) -> Any:  # type: ignore[override]
        """Return what a cell shows."""
        moment = self.moments[index.row()]
        if role == _ROLE.DisplayRole:
            return _text(moment, index.column())
        if role == _ROLE.ForegroundRole and not moment.holds:
            return _FAINT
        if role == _ROLE.FontRole:
            return _font(moment.standing)
        return _tip(moment) if role == _ROLE.ToolTipRole else None


def _text(moment: Moment, column: int) -> str:
    if column == TIME:
        marked = "\u25b8 " if moment.standing is Standing.PRESENT else ""
        return f"{marked}{time_text(moment.time, time.time())}"
    if moment.time is None:
        return moment.text if column == WORDS else ""
    return moment.tool if column == TOOL else moment.words


def _font(standing: Standing) -> QFont | None:
    """Return how a row is written: the present bold, what was left behind in italics."""
    font = QFont()
    font.setBold(standing is Standing.PRESENT)
    font.setItalic(standing is Standing.LEFT)
    return font if standing in (Standing.PRESENT, Standing.LEFT) else None


def _tip(moment: Moment) -> str:
    when = f"{datetime.fromtimestamp(moment.time):%Y-%m-%d %H:%M:%S}\n" if moment.time else ""
    return f"{when}{moment.text}\n({moment.standing.value})"
