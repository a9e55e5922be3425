"""The rows of the list of classes: what each column shows of a class, and says of it."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QTreeWidgetItem

from napari_hyperseg.labels.facies_class import FaciesClass
from napari_hyperseg.qt.signs import eye, lock
from napari_hyperseg.qt.swatch import swatch

NUMBER, NAME, VOXELS, EYE, LOCK = range(5)
COLUMN_TIPS = {
    NUMBER: "Place from top to bottom; its key for the first nine",
    NAME: "Click to paint with a class, double click or F2 to rename it",
    VOXELS: "Labelled voxels in this survey",
    EYE: "Whether labels and predictions of a class are drawn (V)",
    LOCK: "Whether labels of a class are kept when you paint over them (L)",
}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_KEYS = 9


def code_of(item: QTreeWidgetItem) -> int:
    """Return the code of a row's class."""
    return int(item.data(NUMBER, Qt.ItemDataRole.UserRole))


def class_row(facies: FaciesClass, place: int, color: str, changeable: bool) -> QTreeWidgetItem:
    """Return the row of a class at a place from the top, its signs in a colour."""
    item = QTreeWidgetItem([str(place), facies.name, "-"])
    if changeable:
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    item.setTextAlignment(VOXELS, _RIGHT)
    item.setData(NUMBER, Qt.ItemDataRole.UserRole, facies.code)
    item.setIcon(NUMBER, swatch(facies.color))
    item.setIcon(EYE, eye(color, is_open=facies.visible))
    item.setIcon(LOCK, lock(color, is_shut=facies.locked))
    for column, tip in _row_tips(facies, place).items():
        item.setToolTip(column, tip)
    for column, text in ((EYE, "shown" if facies.visible else "hidden"),
                         (LOCK, "locked" if facies.locked else "not locked")):  # fmt: skip
        item.setData(column, Qt.ItemDataRole.AccessibleTextRole, text)
    return item


def _row_tips(facies: FaciesClass, place: int) -> dict[int, str]:
    key = f"Key {place} paints with it. " if place <= _KEYS else ""
    return {
        NUMBER: f"{key}Its code, in labels and in exported volumes, is {facies.code}",
        NAME: f"{facies.name}\nClick to paint with it, double click or F2 to rename it",
        EYE: "Click to hide it" if facies.visible else "Hidden. Click to show it",
        LOCK: "Locked: nothing is painted over it. Click to unlock it"
        if facies.locked
        else "Click to lock it: nothing is painted over it then",
    }
