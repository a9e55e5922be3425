"""The window with the map of a horizon, by time or by amplitude."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from qtpy.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from superqt.utils import signals_blocked

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.qt.background import Background
from napari_hyperseg.qt.horizon_map import HorizonMap, time_colors
from napari_hyperseg.viewer.map_values import (
    amplitude_levels,
    time_levels,
    time_title,
    trace_text,
)
from napari_hyperseg.viewer.survey_horizons import Version
from napari_hyperseg.viewer.workspace import Workspace

TIME, AMPLITUDE = range(2)


class HorizonMapDialog(QDialog):
    """Maps one horizon of the open survey; a click moves the viewer there.

    Parameters
    ----------
    workspace : Workspace
        Whose survey.
    parent : QWidget
        The dock.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Horizon map")
        self._workspace = workspace
        self._background = Background(self)
        self._amplitudes: dict[Version, NDArray[np.float32]] = {}
        self._values: NDArray[np.floating] | None = None
        self._unit = ""
        self._build()
        workspace.changed.connect(self._mark)
        workspace.horizons.changed.connect(self.display)

    def show_horizon(self, name: str) -> None:
        """Map this horizon."""
        self.display()
        self.names.setCurrentText(name)
        self.display()

    def display(self) -> None:
        """Show the chosen horizon as it is now."""
        horizons = self._workspace.horizons
        names = [entry.name for entry in horizons.entries]
        if names != [self.names.itemText(n) for n in range(self.names.count())]:
            with signals_blocked(self.names):
                chosen = self.names.currentText()
                self.names.clear()
                self.names.addItems(names)
                self.names.setCurrentText(chosen if chosen in names else "")
        tag = horizons.tag
        if tag is None or not names:
            self._show(None, "no horizon")
            return
        self.map.set_geometry(tag.geometry)
        try:
            if self.kind.currentIndex() == AMPLITUDE:
                self._ask_amplitudes(self.names.currentText())
            else:
                self._show_time(self.names.currentText())
        except HypersegError as error:
            self._show(None, str(error))
        self._mark()

    def let_go(self) -> None:
        """Listen no more."""
        self._background.close()
        self._workspace.changed.disconnect(self._mark)
        self._workspace.horizons.changed.disconnect(self.display)

    def _show_time(self, name: str) -> None:
        tag = self._workspace.horizons.tag
        assert tag is not None
        grid = self._workspace.horizons.grid(name)
        self._values, self._unit = grid, tag.geometry.vertical_unit
        self.map.show_values(grid, time_colors(), time_levels(grid), time_title(tag.geometry))
        self.message.setText("")

    def _ask_amplitudes(self, name: str) -> None:
        horizons, key = self._workspace.horizons, self._key(name)
        if key in self._amplitudes:
            self._show_amplitudes(name)
            return
        self._show(None, "Reading the amplitudes ...")
        sample = horizons.amplitudes(name)
        self._background.submit(
            lambda: sample(lambda: self._background.closed),
            partial(self._take_amplitudes, name, key),
            self.message.setText,
        )

    def _take_amplitudes(self, name: str, key: Version, values: Any) -> None:
        self._amplitudes[key] = values
        if self.kind.currentIndex() == AMPLITUDE and self.names.currentText() == name:
            self.display()

    def _show_amplitudes(self, name: str) -> None:
        values = self._amplitudes[self._key(name)]
        self._values, self._unit = values, ""
        colors = pg.colormap.get("CET-D1")
        self.map.show_values(values, colors, amplitude_levels(values), "amplitude")
        self.message.setText("")

    def _key(self, name: str) -> Version:
        """Name the survey and the times, which picking and tracking change."""
        horizons = self._workspace.horizons
        return (horizons.tag.survey if horizons.tag else "", *horizons.version(name))

    def _show(self, values: None, message: str) -> None:
        self._values = values
        self.map.show_values(None, pg.colormap.get("viridis"), (0, 1))
        self.message.setText(message)

    def _mark(self) -> None:
        place = self._workspace.horizons.place
        if place is not None and self.isVisible():
            self.map.mark(*place[:2])

    def _on_picked(self, i: int, j: int) -> None:
        self._workspace.horizons.go_to(self.names.currentText(), i, j)

    def _on_hovered(self, position: Any) -> None:
        trace, tag = self.map.trace_at(position), self._workspace.horizons.tag
        if trace is None or tag is None or self._values is None:
            return
        self.message.setText(trace_text(tag.geometry, *trace, self._values, self._unit))

    def _build(self) -> None:
        self.names, self.kind = QComboBox(), QComboBox()
        self.kind.addItems(["time or depth", "amplitude"])
        self.message = QLabel("")
        self.message.setWordWrap(True)
        self.map = HorizonMap(self._on_picked)
        self.map.scene().sigMouseMoved.connect(self._on_hovered)
        row = QHBoxLayout()
        row.addWidget(self.names, 2)
        row.addWidget(QLabel("coloured by"))
        row.addWidget(self.kind, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self.map, 1)
        layout.addWidget(self.message)
        self.names.currentIndexChanged.connect(lambda _: self.display())
        self.kind.currentIndexChanged.connect(lambda _: self.display())
        self.resize(680, 520)
