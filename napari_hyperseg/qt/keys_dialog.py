"""The window that lists the keys."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from qtpy.QtCore import Qt
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from napari_hyperseg.viewer.key_table import Key, KeyGroup

NOTE = (
    "They work on the canvas and in the dock, whatever layer is chosen. On a layer of your own "
    "that has a tool on I, C, T or D, press Shift as well. Painting tools are napari's, with its "
    "own keys, and work on the labels."
)
_MOST_NAMES = 3  # more are told as "from - to"


class KeysDialog(QDialog):
    """Lists the keys, group by group.

    Parameters
    ----------
    groups : sequence of KeyGroup
        The table.
    parent : QWidget
        The dock.
    """

    def __init__(self, groups: Sequence[KeyGroup], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 8, 18, 14)
        columns = QHBoxLayout()
        columns.setSpacing(36)
        for column in in_two(groups):
            columns.addLayout(_column(column), 1)
        layout.addLayout(columns)
        self.note = QLabel(NOTE)
        self.note.setWordWrap(True)
        self.note.setContentsMargins(0, 10, 0, 0)
        layout.addWidget(self.note)

    def showEvent(self, event: QShowEvent) -> None:  # type: ignore[override]
        """Give the note its height: layouts do not ask, and the font is known only now."""
        super().showEvent(event)
        self.adjustSize()
        self.note.setMinimumHeight(self.note.heightForWidth(self.note.width()))
        self.adjustSize()


def in_two(groups: Sequence[KeyGroup]) -> tuple[Sequence[KeyGroup], Sequence[KeyGroup]]:
    """Cut a table in two of about the same height, in order: a small screen is wide, not high."""
    heights = [1 + len(key_rows(group.keys)) for group in groups]
    cuts = range(1, len(groups) + 1)
    cut = min(cuts, key=lambda at: max(sum(heights[:at]), sum(heights[at:])), default=0)
    return groups[:cut], groups[cut:]


def key_rows(keys: Sequence[Key]) -> list[tuple[str, str]]:
    """Return keys and what they do; neighbours that do the same are one row."""
    rows = []
    for action, group in groupby(keys, lambda key: key.action):
        texts = [key.text for key in group]
        text = f"{texts[0]} - {texts[-1]}" if len(texts) > _MOST_NAMES else ", ".join(texts)
        rows.append((text, action.value))
    return rows


def _column(groups: Sequence[KeyGroup]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(1, 1)
    for group in groups:
        grid.addWidget(_heading(group.title), grid.rowCount(), 0, 1, 2)
        for keys, what in key_rows(group.keys):
            row = grid.rowCount()
            grid.addWidget(_keys(keys), row, 0)
            grid.addWidget(QLabel(what), row, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid


def _heading(text: str) -> QLabel:
    label = QLabel(f"<b>{text}</b>")
    label.setContentsMargins(0, 8, 0, 0)
    return label


def _keys(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return label
