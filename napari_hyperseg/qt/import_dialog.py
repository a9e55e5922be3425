"""The dialog before an import of horizons: what the files are taken for, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)
from superqt.utils import signals_blocked

from napari_hyperseg.qt.background import Background
from napari_hyperseg.qt.column_table import ColumnTable
from napari_hyperseg.qt.horizon_map import HorizonMap, time_colors
from napari_hyperseg.qt.import_form import ImportForm
from napari_hyperseg.qt.import_use_row import ImportUseRow
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.content import Columns
from napari_hyperseg.viewer.horizon_import import HorizonImport, ImportItem
from napari_hyperseg.viewer.import_words import state_text
from napari_hyperseg.viewer.map_values import time_levels, time_title


class ImportDialog(QDialog):
    """Shows files about to be imported; every choice changes what is shown at once.

    Parameters
    ----------
    paths : sequence of Path
        The files.
    geometry : Geometry
        The survey's.
    names : sequence of str
        Horizons that there are.
    parent : QWidget
        The dock.
    """

    def __init__(
        self, paths: Sequence[Path], geometry: Geometry, names: Sequence[str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import horizons")
        self._background = Background(self)
        self._names = set(names)
        self.files = HorizonImport(paths, geometry, self._background.submit)
        self._build(geometry)
        self.files.changed.connect(self._on_changed)
        self.files.use_changed.connect(self._render_all)
        self.finished.connect(lambda _: self._background.close())
        self.files.start()
        self.list.setCurrentRow(0)
        self._render_all()

    @property
    def number(self) -> int:
        """Which file is shown."""
        return max(self.list.currentRow(), 0)

    @property
    def item(self) -> ImportItem:
        """The file that is shown."""
        return self.files.items[self.number]

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self.map.set_colors(background, text)

    def _on_changed(self, number: int) -> None:
        self._render_row(number)
        if number == self.number:
            self._render_item()
        self._render_ok()

    def _render_all(self) -> None:
        for number in range(len(self.files.items)):
            self._render_row(number)
        self._render_item()
        self._render_ok()

    def _render_row(self, number: int) -> None:
        item, row = self.files.items[number], self.list.item(number)
        assert row is not None
        with signals_blocked(self.list):
            row.setText(f"{item.path.name}\n{state_text(item)}")
            row.setToolTip(str(item.path))
            row.setCheckState(Qt.CheckState.Checked if item.wanted else Qt.CheckState.Unchecked)

    def _render_item(self) -> None:
        item, geometry = self.item, self.files.geometry
        self.form.display(item, geometry)
        preview = item.preview
        cells = preview.cells if preview is not None else ()
        columns = preview.columns if preview is not None else None
        grid = preview is not None and columns is None and item.picks is not None
        self.table.display(cells, columns, asks=bool(cells) and not grid)
        values = self.files.shown(self.number)
        levels = time_levels(item.picks.values) if item.picks is not None else (0.0, 1.0)
        self.map.show_values(values, time_colors(), levels, time_title(geometry))

    def _render_ok(self) -> None:
        refusal, wanted = self.files.refusal, self.files.wanted
        taken = any(item.name.strip() in self._names for item in wanted)
        self.use.display(taken=taken)
        self.ok.setEnabled(not refusal)
        self.ok.setText(f"Import {len(wanted)}" if len(wanted) > 1 else "Import")
        self.refusal.setText(refusal)

    def _on_columns(self, columns: Columns) -> None:
        self.files.choose(self.number, replace(self.item.choice, columns=columns))

    def _on_ticked(self, row: QListWidgetItem) -> None:
        ticked = row.checkState() == Qt.CheckState.Checked
        self.files.want(self.list.row(row), ticked)

    def _build(self, geometry: Geometry) -> None:
        self.list = QListWidget()
        self.list.setFixedWidth(190)
        self.list.addItems(["" for _ in self.files.items])
        self.list.currentRowChanged.connect(lambda _: self._render_item())
        self.list.itemChanged.connect(self._on_ticked)
        self.table = ColumnTable(self._on_columns)
        self.table.setMinimumHeight(176)
        self.form = ImportForm(
            lambda choice: self.files.choose(self.number, choice),
            lambda name: self.files.rename(self.number, name),
            lambda: self.files.choose_for_all(self.item.choice),
            several=len(self.files.items) > 1,
        )
        self.map = HorizonMap(to_scale=False)
        self.map.set_geometry(geometry)
        self.map.setMinimumSize(330, 200)
        below = QHBoxLayout()
        below.addWidget(self.form, 5)
        below.addWidget(self.map, 5)
        right = QVBoxLayout()
        right.addWidget(self.table, 4)
        right.addLayout(below, 5)
        columns = QHBoxLayout()
        columns.addWidget(self.list)
        columns.addLayout(right, 1)
        layout = QVBoxLayout(self)
        self.use = ImportUseRow(self.files.choose_use)
        layout.addLayout(columns, 1)
        layout.addWidget(self.use)
        layout.addLayout(self._build_buttons())
        self.resize(980, 660)

    def _build_buttons(self) -> QHBoxLayout:
        self.refusal = QLabel("")
        self.refusal.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        assert ok is not None
        self.ok = ok
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.refusal, 1)
        row.addWidget(buttons)
        return row


Accepted = Callable[[HorizonImport, bool], None]


def open_import(
    paths: Sequence[Path],
    geometry: Geometry,
    names: Sequence[str],
    parent: QWidget,
    accepted: Accepted,
) -> ImportDialog:
    """Show the dialog without waiting; `accepted` is told the files, and whether they replace."""
    dialog = ImportDialog(paths, geometry, names, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: accepted(dialog.files, dialog.use.replaces.isChecked()))
    dialog.open()
    return dialog
