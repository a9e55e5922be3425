"""The list of a survey's horizons: tick to show, double click to rename."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QSize, Qt
from qtpy.QtWidgets import QSizePolicy, QTreeWidget, QTreeWidgetItem
from superqt.utils import signals_blocked

from napari_hyperseg.project.entries import HorizonEntry
from napari_hyperseg.qt.swatch import SIZE, swatch

ROW_HEIGHT = 20


class HorizonList(QTreeWidget):
    """Horizons from top to bottom.

    Parameters
    ----------
    shown : callable
        Told a name, and whether it is to be seen.
    renamed : callable
        Told a name and the new one; returns whether it was taken.
    """

    def __init__(
        self, shown: Callable[[str, bool], object], renamed: Callable[[str, str], object]
    ) -> None:
        super().__init__()
        self._told_shown, self._told_renamed = shown, renamed
        self._entries: tuple[HorizonEntry, ...] = ()
        self._changeable = True
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIconSize(QSize(SIZE, SIZE))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.itemChanged.connect(self._on_changed)

    @property
    def chosen(self) -> str | None:
        """The name of the selected horizon."""
        item = self.currentItem()
        number = -1 if item is None else self.indexOfTopLevelItem(item)
        return self._entries[number].name if 0 <= number < len(self._entries) else None

    def display(
        self, entries: tuple[HorizonEntry, ...], chosen: str, *, changeable: bool = True
    ) -> None:
        """Show these, and select the one of this name."""
        if (entries, changeable) == (self._entries, self._changeable):
            self.choose(chosen)
            return
        self._entries, self._changeable = entries, changeable
        with signals_blocked(self):
            self._fit(len(entries))
            for number, entry in enumerate(entries):
                item = self.topLevelItem(number)
                assert item is not None
                _write(item, entry, changeable)
            self.choose(chosen)
        self.currentItemChanged.emit(self.currentItem(), None)

    def choose(self, name: str) -> None:
        """Select the horizon of this name, if there is one."""
        names = [entry.name for entry in self._entries]
        if name in names and name != self.chosen:
            item = self.topLevelItem(names.index(name))
            assert item is not None
            self.setCurrentItem(item)

    def _fit(self, count: int) -> None:
        """Have so many rows; those that stay are not made anew, as one may be changing now."""
        while self.topLevelItemCount() > count:
            self.takeTopLevelItem(count)
        while self.topLevelItemCount() < count:
            self.addTopLevelItem(QTreeWidgetItem())

    def rename_chosen(self) -> None:
        """Let the user type another name for the selected horizon."""
        item = self.currentItem()
        if item is not None and self._changeable:
            self.editItem(item, 0)

    def _on_changed(self, item: QTreeWidgetItem, column: int) -> None:
        entry = self._entries[self.indexOfTopLevelItem(item)]
        visible = item.checkState(0) == Qt.CheckState.Checked
        if visible != entry.visible:
            self._told_shown(entry.name, visible)
        elif item.text(0).strip() != entry.name:
            self._told_renamed(entry.name, item.text(0))
            self._name_again()

    def _name_again(self) -> None:
        """Show the names as they are: a new one may have been refused."""
        with signals_blocked(self):
            for number, entry in enumerate(self._entries):
                item = self.topLevelItem(number)
                if item is not None:
                    item.setText(0, entry.name)


def _write(item: QTreeWidgetItem, entry: HorizonEntry, changeable: bool) -> None:
    item.setText(0, entry.name)
    changes = Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable
    item.setFlags(item.flags() | changes if changeable else item.flags() & ~changes)
    item.setCheckState(0, Qt.CheckState.Checked if entry.visible else Qt.CheckState.Unchecked)
    item.setIcon(0, swatch(entry.color))
    item.setSizeHint(0, QSize(0, ROW_HEIGHT))
    source = f"\nfrom {entry.source}" if entry.source else ""
    item.setToolTip(0, f"{entry.name}{source}\nTick to show, double click to rename")
