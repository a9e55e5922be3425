"""What an import would label: figures, its classes, and what is in doubt or left out."""

from __future__ import annotations

from qtpy.QtCore import QSize, Qt
from qtpy.QtWidgets import (
    QFormLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.qt.swatch import swatch
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.label_import import ImportLook
from napari_hyperseg.viewer.label_import_words import FACTS, facts, notes

_CODE, _NAME, _NEW, _VOXELS = range(4)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LabelPreview(QWidget):
    """Shows one look at the files."""

    def __init__(self) -> None:
        super().__init__()
        self._build()
        self.display(None)

    def display(self, look: ImportLook | None, geometry: Geometry | None = None) -> None:
        """Show what a look gives; None: nothing."""
        told = facts(look, geometry) if look is not None and geometry is not None else {}
        for title, label in self.facts.items():
            label.setText(told.get(title, "-"))
        self.tree.clear()
        if look is not None:
            self.tree.addTopLevelItems([_row(look, *one) for one in look.examined.classes])
        self.notes.setPlainText(notes(look) if look is not None else "")

    def _build(self) -> None:
        self.facts = {title: QLabel("-") for title in FACTS}
        for label in self.facts.values():
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(3)
        for title, label in self.facts.items():
            form.addRow(title, label)
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.notes.setPlaceholderText("What is in doubt, or left out")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self._build_tree(), 3)
        layout.addWidget(self.notes, 2)

    def _build_tree(self) -> QTreeWidget:
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["", "class", "", "voxels"])
        self.tree.setRootIsDecorated(False)
        self.tree.setIconSize(QSize(14, 14))
        self.tree.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        header = self.tree.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_CODE, _NEW, _VOXELS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        return self.tree


def _row(look: ImportLook, code: int, name: str, voxels: int) -> QTreeWidgetItem:
    item = QTreeWidgetItem([str(code), name, "new" if code in look.new else "", f"{voxels:,}"])
    item.setTextAlignment(_VOXELS, _RIGHT)
    item.setIcon(_CODE, swatch(look.examined.legend.color_of(code)))
    return item
