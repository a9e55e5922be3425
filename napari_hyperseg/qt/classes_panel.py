"""The panel of the facies classes: colours, names, how much is labelled."""

from __future__ import annotations

from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import (
    QColorDialog,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from superqt.utils import signals_blocked

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.legend import FaciesClass, Legend
from napari_hyperseg.project.session import Session
from napari_hyperseg.project.wording import count_text
from napari_hyperseg.qt.swatch import swatch
from napari_hyperseg.qt.tools_row import ToolsRow
from napari_hyperseg.viewer.workspace import Workspace

_CODE, _NAME, _VOXELS = range(3)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ClassesPanel(QGroupBox):
    """Lists the legend: click to paint with a class, double click to rename it.

    Parameters
    ----------
    workspace : Workspace
        Whose project's legend this is.
    parent : QWidget, optional
        The dock.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Classes (keys 1-9)", parent)
        self._workspace = workspace
        self._legend = Legend(())
        self._rows: dict[int, QTreeWidgetItem] = {}
        self._build()
        self.display(workspace.model.session)

    def display(self, session: Session) -> None:
        """Show the legend, the labelled voxels and the class that is painted."""
        self.setEnabled(self._workspace.project is not None)
        with signals_blocked(self.tree):
            self._render_legend(self._workspace.legend)
            self._render_counts(dict(session.labelled or ()))
            self._render_chosen(self._workspace.chosen_class)
        self.tools.display()

    def _render_legend(self, legend: Legend) -> None:
        if legend == self._legend:
            return
        self._legend = legend
        self.tree.clear()
        self._rows = {facies.code: _row(facies) for facies in legend.classes}
        self.tree.addTopLevelItems(list(self._rows.values()))

    def _render_counts(self, counts: dict[int, int]) -> None:
        for facies in self._legend.classes:
            item = self._rows[facies.code]
            voxels = counts.get(facies.code, 0)
            item.setText(_VOXELS, count_text(voxels) if voxels else "-")
            item.setToolTip(_VOXELS, f"{voxels:,} labelled voxels")

    def _render_chosen(self, code: int | None) -> None:
        chosen = self._rows.get(code) if code else None
        self.tree.setCurrentItem(chosen)  # type: ignore[arg-type]  # None: no item
        self.colour.setEnabled(chosen is not None)

    def _build(self) -> None:
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["", "name", "voxels"])
        self.tree.setRootIsDecorated(False)
        self.tree.setIconSize(QSize(14, 14))
        self.tree.setMinimumHeight(84)
        self.tree.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        header = self.tree.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_CODE, _VOXELS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.currentItemChanged.connect(self._on_chosen)
        self.tree.itemClicked.connect(self._on_chosen)
        self.tree.itemDoubleClicked.connect(self._on_double_clicked)
        self.tree.itemChanged.connect(self._on_renamed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        self.tools = ToolsRow(self._workspace)
        layout.addWidget(self.tools)
        layout.addWidget(self.tree)
        layout.addLayout(self._build_buttons())

    def _build_buttons(self) -> QHBoxLayout:
        self.add = QPushButton("Add class")
        self.add.clicked.connect(self._on_add)
        self.colour = QPushButton("Colour...")
        self.colour.setToolTip("Choose the colour of the selected class")
        self.colour.clicked.connect(self._on_colour)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.colour)
        return row

    def _on_chosen(self, item: QTreeWidgetItem | None, *_: object) -> None:
        if item is not None:
            self._workspace.choose_class(_code(item))

    def _on_double_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == _CODE:
            self._on_colour()
        else:
            self.tree.editItem(item, _NAME)

    def _on_renamed(self, item: QTreeWidgetItem, column: int) -> None:
        if column != _NAME:
            return
        try:
            self._workspace.set_legend(self._legend.renamed(_code(item), item.text(_NAME).strip()))
        except LabelError as error:
            item.setToolTip(_NAME, str(error))
            with signals_blocked(self.tree):
                item.setText(_NAME, self._legend[_code(item)].name)

    def _on_add(self) -> None:
        self._workspace.set_legend(self._legend.with_class())

    def _on_colour(self) -> None:
        item = self.tree.currentItem()
        if item is None:
            return
        facies = self._legend[_code(item)]
        color = QColorDialog.getColor(QColor(facies.color), self, f"Colour of {facies.name}")
        if color.isValid():
            self._workspace.set_legend(self._legend.recoloured(facies.code, color.name()))


def _row(facies: FaciesClass) -> QTreeWidgetItem:
    item = QTreeWidgetItem([str(facies.code), facies.name, "-"])
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    item.setTextAlignment(_VOXELS, _RIGHT)
    item.setData(_CODE, Qt.ItemDataRole.UserRole, facies.code)
    item.setToolTip(_NAME, "Click to paint with this class, double click to rename it")
    item.setIcon(_CODE, swatch(facies.color))
    return item


def _code(item: QTreeWidgetItem) -> int:
    return int(item.data(_CODE, Qt.ItemDataRole.UserRole))
