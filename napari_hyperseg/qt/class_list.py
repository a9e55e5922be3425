"""The list of the classes: number and colour, name, voxels, eye and lock.

Owns how rows look and which clicks and keys mean what; the panel says what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qtpy.QtCore import QEvent, QSize, Qt
from qtpy.QtGui import QKeyEvent, QMouseEvent
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTreeWidget, QTreeWidgetItem
from superqt.utils import signals_blocked

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.wording import count_text
from napari_hyperseg.qt.class_rows import COLUMN_TIPS, EYE, LOCK, NAME, VOXELS, class_row, code_of
from napari_hyperseg.qt.signs import SIZE, eye, lock

_LEAST_HEIGHT = 56
_NO_KEY = (0, False)
Key = tuple[int, bool]
"""A `Qt.Key`, and whether Alt is held."""


class ClassList(QTreeWidget):
    """Classes from top to bottom.

    Parameters
    ----------
    acts : mapping of (int, bool) to callable
        What keys do while the list has the focus.
    toggled : callable
        Told a code and the column that was clicked, `EYE` or `LOCK`.
    """

    def __init__(
        self, acts: Mapping[Key, Callable[[], object]], toggled: Callable[[int, int], object]
    ) -> None:
        super().__init__()
        self._acts, self._toggled = acts, toggled
        self._legend = Legend(())
        self._rows: dict[int, QTreeWidgetItem] = {}
        self._color, self._changeable = "#808080", True
        self._build()

    @property
    def chosen(self) -> int | None:
        """Code of the current class."""
        item = self.currentItem()
        return None if item is None else code_of(item)

    def display(
        self, legend: Legend, counts: Mapping[int, int], chosen: int | None, *, changeable: bool
    ) -> None:
        """Show a legend, how much is labelled, and which class is painted."""
        with signals_blocked(self):
            if (legend, changeable) != (self._legend, self._changeable):
                self._legend, self._changeable = legend, changeable
                self._fill()
            for code, item in self._rows.items():
                voxels = counts.get(code, 0)
                item.setText(VOXELS, count_text(voxels) if voxels else "-")
                item.setToolTip(VOXELS, f"{voxels:,} labelled voxels")
            self.setCurrentItem(self._rows.get(chosen or 0))  # type: ignore[arg-type]  # or none

    def set_color(self, color: str) -> None:
        """Draw the signs in a colour of the window's theme."""
        self._color = color
        header = self.headerItem()
        assert header is not None
        header.setIcon(EYE, eye(color, is_open=True))
        header.setIcon(LOCK, lock(color, is_shut=True))
        with signals_blocked(self):
            self._fill()

    def rename_chosen(self) -> None:
        """Let the user type another name for the current class."""
        item = self.currentItem()
        if item is not None and self._changeable:
            self.editItem(item, NAME)

    def name_again(self, code: int) -> None:
        """Show the name that a class has: a new one was refused."""
        with signals_blocked(self):
            self._rows[code].setText(NAME, self._legend[code].name)

    def event(self, event: QEvent) -> bool:  # type: ignore[override]
        """Take our keys before a menu of the window does."""
        if event.type() == QEvent.Type.ShortcutOverride and _key(event) in self._acts:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # type: ignore[override]
        """Do what a key says."""
        act = self._acts.get(_key(event))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # type: ignore[override]
        """Switch eye or lock; the brush stays with its class."""
        index = self.indexAt(event.pos())
        item = self.itemFromIndex(index)
        if item is not None and index.column() in (EYE, LOCK):
            if event.button() == Qt.MouseButton.LeftButton:
                self._toggled(code_of(item), index.column())
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # type: ignore[override]
        """Switch eye or lock again; two clicks are two clicks."""
        if self.indexAt(event.pos()).column() in (EYE, LOCK):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def _fill(self) -> None:
        chosen = self.chosen
        self.clear()
        self._rows = {
            facies.code: class_row(facies, place, self._color, self._changeable)
            for place, facies in enumerate(self._legend.classes, start=1)
        }
        self.addTopLevelItems(list(self._rows.values()))
        if chosen in self._rows:
            self.setCurrentItem(self._rows[chosen])

    def _build(self) -> None:
        self.setHeaderLabels(["", "name", "voxels", "", ""])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIconSize(QSize(SIZE, SIZE))
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("Classes")
        titles, header = self.headerItem(), self.header()
        assert titles is not None
        assert header is not None
        for column, tip in COLUMN_TIPS.items():
            titles.setToolTip(column, tip)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(SIZE + 8)
        for column in COLUMN_TIPS:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (EYE, LOCK):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, SIZE + 8)


def _key(event: QEvent) -> Key:
    assert isinstance(event, QKeyEvent)
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    alt = modifiers == Qt.KeyboardModifier.AltModifier
    plain = modifiers == Qt.KeyboardModifier.NoModifier
    return (event.key(), alt) if alt or plain else _NO_KEY
