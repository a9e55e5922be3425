"""The quality window's page of boundaries: their errors, and a map of how sure each is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import pyqtgraph as pg
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from superqt.utils import signals_blocked

from napari_hyperseg.jobs.events import Scores
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.order import Order
from napari_hyperseg.project.boundary_maps import BoundaryMap
from napari_hyperseg.project.quality import (
    boundary_columns,
    boundary_name,
    boundary_row,
    named_boundaries,
    order_text,
    why_no_boundaries,
)
from napari_hyperseg.qt.horizon_map import HorizonMap
from napari_hyperseg.qt.quality_classes import figures_table, fill
from napari_hyperseg.survey.geometry import Geometry

Names = Mapping[tuple[int, int], str]
MAP_SAYS = "How likely it lies within a sample and a half; grey: no prediction, or no boundary."


class HorizonsPage(QWidget):
    """Errors above, the map below.

    Parameters
    ----------
    chosen : callable
        Called when another boundary is to be mapped.
    picked : callable
        Told (i, j), the trace of the map that was clicked.
    """

    def __init__(self, chosen: Callable[[], object], picked: Callable[[int, int], object]) -> None:
        super().__init__()
        self.table = figures_table(boundary_columns(""))
        self.table.setMaximumHeight(170)
        self.message, self.map_message = QLabel(""), QLabel("")
        for label in (self.message, self.map_message):
            label.setWordWrap(True)
        self.names = QComboBox()
        self.names.setToolTip("Which boundary the map shows")
        self.names.currentIndexChanged.connect(lambda _: chosen())
        self.map = HorizonMap(picked)
        row = QHBoxLayout()
        row.addWidget(QLabel("confidence of"))
        row.addWidget(self.names, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.table, self.message):
            layout.addWidget(widget)
        layout.addLayout(row)
        layout.addWidget(self.map, 1)
        layout.addWidget(self.map_message)

    @property
    def boundary(self) -> int:
        """Which one is chosen: 1 is that below the first class; 0: none."""
        return self.names.currentIndex() + 1

    def display(self, scores: Scores | None, legend: Legend, names: Names) -> None:
        """Show the errors."""
        rows = [] if scores is None else named_boundaries(scores, legend, names)
        unit = "" if scores is None else scores.vertical_unit
        self.table.setHorizontalHeaderLabels(boundary_columns(unit))
        fill(self.table, [boundary_row(name, one) for name, one in rows])
        self.table.setVisible(bool(rows))
        why = why_no_boundaries(scores)
        self.message.setText(why or (order_text(scores) if scores is not None else ""))

    def offer(self, order: Order, legend: Legend, names: Names) -> None:
        """Offer the boundaries between the classes of a prediction."""
        offered = [boundary_name(pair, legend, names) for pair in pairwise(order)]
        if offered != [self.names.itemText(n) for n in range(self.names.count())]:
            with signals_blocked(self.names):
                before = max(self.names.currentIndex(), 0)
                self.names.clear()
                self.names.addItems(offered)
                self.names.setCurrentIndex(min(before, len(offered) - 1))
        self.names.setEnabled(bool(offered))

    def show_map(self, found: BoundaryMap | None, geometry: Geometry | None, why: str = "") -> None:
        """Show how sure a boundary is, or why that is not known."""
        if geometry is not None:
            self.map.set_geometry(geometry)
        confidence = None if found is None else 100 * found.sure
        self.map.show_values(confidence, pg.colormap.get("viridis"), (0, 100), "confidence [%]")
        self.map_message.setText(why or MAP_SAYS)

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self.map.set_colors(background, text)
