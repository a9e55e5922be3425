"""The panel of the facies classes: the list, and what can be done with a class."""

from __future__ import annotations

from collections.abc import Callable

from napari.utils.theme import get_theme
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import (
    QColorDialog,
    QGroupBox,
    QHBoxLayout,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.class_controls import ClassControls, class_controls
from napari_hyperseg.project.session import Session
from napari_hyperseg.qt.alarm import alarm_style
from napari_hyperseg.qt.class_list import ClassList, Key
from napari_hyperseg.qt.class_menu import class_menu
from napari_hyperseg.qt.class_rows import EYE, LOCK, NAME, NUMBER, code_of
from napari_hyperseg.qt.label_import_dialog import LabelImportDialog, open_label_import
from napari_hyperseg.qt.tools_row import ToolsRow
from napari_hyperseg.viewer.label_import import LabelImport
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.workspace import Workspace

_KEYS: dict[Key, str] = {
    (Qt.Key.Key_F2, False): "rename",
    (Qt.Key.Key_Up, True): "up",
    (Qt.Key.Key_Down, True): "down",
    (Qt.Key.Key_R, False): "colour",
    (Qt.Key.Key_V, False): "show",
    (Qt.Key.Key_L, False): "lock",
    (Qt.Key.Key_Delete, False): "remove",
}


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
        super().__init__("Classes", parent)
        self._workspace = workspace
        self._can = ClassControls()
        self.importing: LabelImportDialog | None = None
        self._build()
        self.display(workspace.model.session)

    def display(self, session: Session) -> None:
        """Show the legend, the labelled voxels and the class that is painted."""
        legend, chosen = self._workspace.legend, self._workspace.chosen_class
        self._can = can = class_controls(session, legend, chosen)
        self.setEnabled(self._workspace.project is not None)
        self.tree.display(legend, dict(session.labelled or ()), chosen, changeable=can.change)
        self.remove.setToolTip(f"{can.remove_tip} (Alt+M)")
        states = {
            self.add: can.add,
            self.load: can.add,
            self.remove: can.remove,
            self.colour: can.chosen,
            self.up: can.up,
            self.down: can.down,
        }
        for button, enabled in states.items():
            button.setEnabled(enabled)
        self.tools.display()

    def set_color(self, text: str) -> None:
        """Wear the colours of the window's theme."""
        self.tree.set_color(text)
        self.display(self._workspace.model.session)

    def _change(self, change: Callable[[Legend], Legend]) -> bool:
        """Change the legend, where it may be changed; what is refused is told."""
        if not self._can.change:
            return False
        with refusals_told():
            self._workspace.set_legend(change(self._workspace.legend))
            return True
        return False

    def _change_chosen(self, change: Callable[[Legend, int], Legend]) -> None:
        code = self.tree.chosen
        if code is not None:
            self._change(lambda legend: change(legend, code))

    def _toggle(self, code: int, column: int) -> None:
        if column == EYE:
            self._change(lambda legend: legend.shown(code, not legend[code].visible))
        else:
            self._change(lambda legend: legend.locked(code, not legend[code].locked))

    def _toggle_chosen(self, column: int) -> None:
        if self.tree.chosen is not None:
            self._toggle(self.tree.chosen, column)

    def _move(self, places: int) -> None:
        self._change_chosen(lambda legend, code: legend.moved(code, places))

    def _add(self) -> None:
        self._change(Legend.with_class)

    def _remove(self) -> None:
        if not self._can.remove:
            return
        with refusals_told():
            self._workspace.remove_last_class()

    def _rename(self) -> None:
        self.tree.rename_chosen()

    def _colour(self) -> None:
        code = self.tree.chosen
        if code is None or not self._can.change:
            return
        facies = self._workspace.legend[code]
        color = QColorDialog.getColor(QColor(facies.color), self, f"Colour of {facies.name}")
        if color.isValid():
            self._change(lambda legend: legend.recoloured(code, color.name()))

    def _on_chosen(self, item: QTreeWidgetItem | None, *_: object) -> None:
        if item is not None:
            self._workspace.choose_class(code_of(item))

    def _on_double_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == NUMBER:
            self._colour()
        else:
            self._rename()

    def _on_renamed(self, item: QTreeWidgetItem, column: int) -> None:
        code, name = code_of(item), item.text(NAME).strip()
        if column == NAME and not self._change(lambda legend: legend.renamed(code, name)):
            self.tree.name_again(code)

    def _on_context(self, position: QPoint) -> None:
        viewport = self.tree.viewport()
        assert viewport is not None
        class_menu(self, self._can, self._acts).popup(viewport.mapToGlobal(position))

    def _build(self) -> None:
        self._acts: dict[str, Callable[[], object]] = {
            "rename": self._rename,
            "colour": self._colour,
            "show": lambda: self._toggle_chosen(EYE),
            "lock": lambda: self._toggle_chosen(LOCK),
            "up": lambda: self._move(-1),
            "down": lambda: self._move(1),
            "remove": self._remove,
        }
        self.tools = ToolsRow(self._workspace)
        keys = {key: self._acts[name] for key, name in _KEYS.items()}
        self.tree = ClassList(keys, self._toggle)
        self.tree.currentItemChanged.connect(self._on_chosen)
        self.tree.itemClicked.connect(self._on_chosen)
        self.tree.itemDoubleClicked.connect(self._on_double_clicked)
        self.tree.itemChanged.connect(self._on_renamed)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._on_context)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.tools)
        layout.addWidget(self.tree, 1)
        layout.addLayout(self._build_buttons())
        layout.addWidget(self._build_import())

    def _build_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self.add = _button("&Add", "Add a class at the end (Alt+A)", self._add)
        self.remove = _button("Re&move", "", self._remove)
        self.colour = _button("Colour...", "Choose its colour (R in the list)", self._colour)
        self.up = _button("\u25b2", "Move it up (Alt+Up in the list)", self._acts["up"])
        self.down = _button("\u25bc", "Move it down (Alt+Down in the list)", self._acts["down"])
        buttons = ((self.add, 1), (self.remove, 1), (self.colour, 1), (self.up, 0), (self.down, 0))
        for button, stretch in buttons:
            row.addWidget(button, stretch)
        return row

    def _build_import(self) -> QPushButton:
        tip = "From a facies volume, horizons or wells; what they hold is shown first (Alt+I)"
        self.load = _button("&Import labels...", tip, self.import_labels)
        return self.load

    def import_labels(self) -> None:
        """Open the dialog that imports labels from files."""
        workspace = self._workspace
        if workspace.project is not None and workspace.tag is not None:
            alarm = alarm_style(get_theme(workspace.viewer.theme).error.as_hex())
            # Not over this panel, whose style would be the dialog's, too.
            self.importing = open_label_import(LabelImport(workspace), alarm, self.window())


def _button(text: str, tip: str, call: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda _=False: call())
    return button
