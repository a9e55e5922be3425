"""The panel of the horizons: the list, and what can be done with one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QAction, QColor
from qtpy.QtWidgets import (
    QColorDialog,
    QFileDialog,
    QGroupBox,
    QHBoxLayout,
    QMenu,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.qt.background import Background
from napari_hyperseg.qt.horizon_list import HorizonList
from napari_hyperseg.qt.horizon_map_dialog import HorizonMapDialog
from napari_hyperseg.qt.import_dialog import ImportDialog, open_import
from napari_hyperseg.qt.picking_rows import PickingRows
from napari_hyperseg.survey.horizon_files.writing import WRITERS
from napari_hyperseg.viewer.horizon_import import HorizonImport
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.workspace import Workspace

_FILES = "Text files (*.txt *.dat *.asc *.xyz *.csv *.irap *.poi *.zmap *.cps *.hor);;All files (*)"


class HorizonsPanel(QGroupBox):
    """Lists the horizons of the open survey, from top to bottom.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    parent : QWidget, optional
        The dock.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Horizons", parent)
        self._horizons, self._workspace = workspace.horizons, workspace
        self._background = Background(self)
        self._colors = ("#262930", "#f0f1f2")
        self._changeable = True
        self.map: HorizonMapDialog | None = None
        self.importing: ImportDialog | None = None
        self._build()
        workspace.picking.changed.connect(self._follow)
        self.display()

    def display(self) -> None:
        """Show the horizons as they are now."""
        self.setEnabled(self._horizons.tag is not None)
        self._changeable = not self._workspace.model.session.read_only
        picked = self._workspace.picking.horizon
        self.list.display(self._horizons.entries, picked, changeable=self._changeable)
        self.add.setEnabled(self._changeable)
        self.from_prediction.setEnabled(self._changeable)
        self._render_chosen()
        self.picking.display()

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self._colors = background, text
        if self.map is not None:
            self.map.map.set_colors(background, text)

    def let_go(self) -> None:
        """Wait for nothing any more."""
        self._background.close()
        self._workspace.picking.changed.disconnect(self._follow, missing_ok=True)
        self.picking.let_go()
        if self.map is not None:
            self.map.let_go()

    def import_files(self, paths: list[Path]) -> None:
        """Show what horizon files hold, and import them when the user agrees."""
        tag = self._horizons.tag
        if tag is None or not paths:
            return
        names = [entry.name for entry in self._horizons.entries]
        self.importing = open_import(paths, tag.geometry, names, self, self._import)
        self.importing.set_colors(*self._colors)

    def _import(self, files: HorizonImport, replace: bool) -> None:
        if files.use.as_picks:
            self._try(lambda: self._horizons.add_picks(files.result()))
        else:
            self._try(lambda: self._horizons.add(files.result(), keep_others=not replace))

    def _follow(self) -> None:
        """Select the horizon that is picked."""
        self.list.choose(self._workspace.picking.horizon)

    def _render_chosen(self) -> None:
        chosen = self.list.chosen is not None
        if self.list.chosen is not None:
            self._workspace.picking.choose(self.list.chosen)
        for action in self._of_chosen:
            action.setEnabled(chosen and (self._changeable or action is self.export))
        self.show_map.setEnabled(chosen)

    def _try(self, call: Callable[[], Any]) -> None:
        """Do it; what the project refuses is shown."""
        with refusals_told():
            call()
        self.display()

    def _with_chosen(self, call: Callable[[str], Any]) -> Callable[[], None]:
        def run() -> None:
            name = self.list.chosen
            if name is not None:
                self._try(lambda: call(name))

        return run

    def _on_import(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, "Import horizons", "", _FILES)
        self.import_files([Path(path) for path in paths])

    def _on_prediction(self) -> None:
        self._try(
            lambda: self._background.submit(
                self._horizons.boundaries(),
                lambda found: self._try(lambda: self._horizons.add_boundaries(*found)),
            )
        )

    def _on_map(self, name: str) -> None:
        if self.map is None:
            self.map = HorizonMapDialog(self._workspace, self)
            self.map.map.set_colors(*self._colors)
        self.map.show()
        self.map.raise_()
        self.map.show_horizon(name)

    def _on_colour(self, name: str) -> None:
        color = next(entry.color for entry in self._horizons.entries if entry.name == name)
        chosen = QColorDialog.getColor(QColor(color), self, f"Colour of {name}")
        if chosen.isValid():
            self._horizons.recolour(name, chosen.name())

    def _on_export(self, name: str) -> None:
        filters = {f"{writer.name} (*{writer.suffix})": writer for writer in WRITERS}
        start = f"{name}{WRITERS[0].suffix}".replace("/", "_")
        path, chosen = QFileDialog.getSaveFileName(
            self, f"Export {name}", start, ";;".join(filters)
        )
        if path:
            writer = filters.get(chosen, WRITERS[0])
            target = Path(path) if Path(path).suffix else Path(path).with_suffix(writer.suffix)
            self._horizons.export(name, target, writer.name)

    def _on_remove(self, name: str) -> None:
        answer = QMessageBox.question(
            self,
            "Remove horizon",
            f"Remove {name} from the project? The file it came from stays where it is.",
        )
        if answer == QMessageBox.StandardButton.Yes:
            self._horizons.remove(name)

    def _build(self) -> None:
        self.list = HorizonList(
            lambda name, visible: self._try(lambda: self._horizons.show(name, visible)),
            lambda name, new: self._try(lambda: self._horizons.rename(name, new)),
        )
        self.list.currentItemChanged.connect(lambda *_: self._render_chosen())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_context)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.list, 1)
        self.picking = PickingRows(self._workspace, lambda: self.list.chosen)
        layout.addWidget(self.picking)
        layout.addLayout(self._build_buttons())

    def _build_buttons(self) -> QHBoxLayout:
        self.add = QPushButton("Import horizons...")
        self.add.setToolTip("Text files of any usual format; what they hold is shown first")
        self.add.clicked.connect(self._on_import)
        self.show_map = QPushButton("Map")
        self.show_map.setToolTip("The selected horizon by time, or by the amplitude along it")
        self.show_map.clicked.connect(self._with_chosen(self._on_map))
        self.more = QPushButton("More")
        self.more.setToolTip("Names, colours, order, export; horizons of the prediction")
        self.more.setMenu(self._build_menu())
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.add, 2)
        row.addWidget(self.show_map)
        row.addWidget(self.more)
        return row

    def _build_menu(self) -> QMenu:
        self.menu = QMenu(self)
        chosen: dict[str, Callable[[str], Any]] = {
            "Colour...": self._on_colour,
            "Move up": lambda name: self._horizons.move(name, -1),
            "Move down": lambda name: self._horizons.move(name, 1),
            "Erase on this line": lambda _: self._workspace.picking.erase_section(),
            "Export...": self._on_export,
            "Remove...": self._on_remove,
        }
        rename = self._action("Rename", self.list.rename_chosen)
        acts = {text: self._action(text, self._with_chosen(do)) for text, do in chosen.items()}
        self.export = acts["Export..."]
        self._of_chosen = [rename, *acts.values()]
        self.menu.addSeparator()
        self.from_prediction = self._action("From prediction", self._on_prediction)
        return self.menu

    def _action(self, text: str, call: Callable[[], Any]) -> QAction:
        action = QAction(text, self.menu)
        action.triggered.connect(lambda _=False: call())
        self.menu.addAction(action)
        return action

    def _on_context(self, position: QPoint) -> None:
        viewport = self.list.viewport()
        assert viewport is not None
        self.menu.popup(viewport.mapToGlobal(position))
