"""The window that lists the keys."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from qtpy.QtCore import Qt
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from napari_hyperseg.viewer.key_table import Key, KeyGroup

NOTE = (
    "They work on the canvas and in the dock, whatever layer is chosen. On a layer of your own "
    "that has a tool on I, C, T or D, press Shift as well. Painting tools are napari's, with its "
    "own keys, and work on the labels."
)
_MOST_NAMES = 3  # more are told as "from - to"
_WIDTH = 400


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
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(3)
        self._grid.setContentsMargins(18, 8, 18, 14)
        self._grid.setColumnStretch(1, 1)
        for group in groups:
            self._add(_heading(group.title))
            for keys, what in key_rows(group.keys):
                self._add(_keys(keys), QLabel(what))
        self.note = QLabel(NOTE)
        self.note.setWordWrap(True)
        self.note.setContentsMargins(0, 10, 0, 0)
        self.note.setFixedWidth(_WIDTH)
        self._add(self.note)

    def showEvent(self, event: QShowEvent) -> None:  # type: ignore[override]
        """Give the note its height: a grid does not ask, and the font is known only now."""
        super().showEvent(event)
        self.note.setMinimumHeight(self.note.heightForWidth(_WIDTH))
        self.adjustSize()

    def _add(self, first: QLabel, second: QLabel | None = None) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(first, row, 0, 1, 1 if second is not None else 2)
        if second is not None:
            self._grid.addWidget(second, row, 1)


def key_rows(keys: Sequence[Key]) -> list[tuple[str, str]]:
    """Return keys and what they do; neighbours that do the same are one row."""
    rows = []
    for action, group in groupby(keys, lambda key: key.action):
        texts = [key.text for key in group]
        text = f"{texts[0]} - {texts[-1]}" if len(texts) > _MOST_NAMES else ", ".join(texts)
        rows.append((text, action.value))
    return rows


def _heading(text: str) -> QLabel:
    label = QLabel(f"<b>{text}</b>")
    label.setContentsMargins(0, 8, 0, 0)
    return label


def _keys(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return label
