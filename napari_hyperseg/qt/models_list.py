"""The list of a project's models: double click or F2 to rename."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem
from superqt.utils import signals_blocked

from napari_hyperseg.project.model_controls import COLUMNS, cells, row_tip
from napari_hyperseg.project.model_list import ModelFacts

_ROW_HEIGHT = 20


class ModelsList(QTreeWidget):
    """Models, newest first.

    Parameters
    ----------
    chosen : callable
        Told that another model is selected.
    renamed : callable
        Told an ID and its new name.
    """

    def __init__(self, chosen: Callable[[], object], renamed: Callable[[str, str], object]) -> None:
        super().__init__()
        self._renamed = renamed
        self._models: tuple[ModelFacts, ...] = ()
        self.setHeaderLabels(list(COLUMNS))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setAccessibleName("models")
        header = self.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.currentItemChanged.connect(lambda *_: chosen())
        self.itemChanged.connect(self._on_changed)

    @property
    def chosen(self) -> ModelFacts | None:
        """The model that is selected."""
        item = self.currentItem()
        number = -1 if item is None else self.indexOfTopLevelItem(item)
        return self._models[number] if 0 <= number < len(self._models) else None

    def display(self, models: Sequence[ModelFacts], shown: str | None, *, fixed: bool) -> None:
        """Show these; the selection stays on its model, or goes to the first one."""
        before = self.chosen
        with signals_blocked(self):
            while self.topLevelItemCount() > len(models):
                self.takeTopLevelItem(len(models))
            while self.topLevelItemCount() < len(models):
                self.addTopLevelItem(QTreeWidgetItem())
            self._models = tuple(models)
            for number, one in enumerate(models):
                self._write(number, one, shown, fixed=fixed)
            ids = [one.model for one in models]
            if ids:
                self.choose(before.model if before and before.model in ids else ids[0])

    def choose(self, model: str) -> None:
        """Select a model."""
        for number, one in enumerate(self._models):
            item = self.topLevelItem(number)
            if one.model == model and item is not None:
                self.setCurrentItem(item)

    def _write(self, number: int, one: ModelFacts, shown: str | None, *, fixed: bool) -> None:
        item = self.topLevelItem(number)
        assert item is not None
        changes = Qt.ItemFlag.ItemIsEditable
        item.setFlags(item.flags() & ~changes if fixed else item.flags() | changes)
        tip = row_tip(one, shown)
        for column, text in enumerate(cells(one)):
            item.setText(column, text)
            item.setToolTip(column, tip)
            right = Qt.AlignmentFlag.AlignRight if 0 < column < len(COLUMNS) - 1 else None
            if right is not None:
                item.setTextAlignment(column, right | Qt.AlignmentFlag.AlignVCenter)
            font = item.font(column)
            font.setBold(one.model == shown)
            item.setFont(column, font)

    def edit(self, index, trigger=None, event=None):  # type: ignore[no-untyped-def, override]
        """Only the name can be changed."""
        if trigger is None:
            return super().edit(index)
        return index.column() == 0 and super().edit(index, trigger, event)

    def _on_changed(self, item: QTreeWidgetItem, column: int) -> None:
        one = self._models[self.indexOfTopLevelItem(item)]
        text = item.text(0).strip()
        if column == 0 and text != one.title:
            self._renamed(one.model, text)
