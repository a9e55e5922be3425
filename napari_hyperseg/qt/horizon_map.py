"""A map of values per trace: axes in line numbers, inlines downwards as on a time slice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from qtpy.QtCore import Qt
from qtpy.QtGui import QTransform

from napari_hyperseg.survey.geometry import Geometry

_MARK, _LIVE = "#cccccc", "#55606a"
_BAR_AXIS = 64  # room for numbers and title, pixels
_LOCKED_UNTIL = 4.0  # sides' ratio beyond which a true-to-scale map would be a strip
Values = NDArray[np.floating]


def time_colors() -> pg.ColorMap:
    """Return turbo with red for shallow and blue for deep, as on interpreters' maps."""
    colors = pg.colormap.get("turbo")
    assert colors is not None
    positions, values = colors.getStops()
    return pg.ColorMap(positions, values[::-1])


class HorizonMap(pg.GraphicsLayoutWidget):
    """Colours for values; where there is no value, the survey's traces are grey.

    Parameters
    ----------
    picked : callable, optional
        Told (i, j), the array indices of the trace that was clicked.
    to_scale : bool
        Whether a line is as long on both axes, where that makes no strip.
    """

    def __init__(
        self, picked: Callable[[int, int], object] | None = None, *, to_scale: bool = True
    ) -> None:
        super().__init__()
        self._picked, self._to_scale = picked, to_scale
        self._geometry: Geometry | None = None
        self.plot = self.addPlot()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.invertY(True)
        self.plot.setLabel("bottom", "crossline")
        self.plot.setLabel("left", "inline")
        self._live = pg.ImageItem(axisOrder="row-major")
        self.image = pg.ImageItem(axisOrder="row-major")
        self.bar = pg.ColorBarItem(interactive=False, width=14)
        self.bar.axis.setWidth(_BAR_AXIS)
        self.plot.addItem(self._live)
        self.plot.addItem(self.image)
        self.bar.setImageItem(self.image, insert_in=self.plot)
        pen = pg.mkPen(_MARK, width=1, style=Qt.PenStyle.DashLine)
        self._marks = [pg.InfiniteLine(angle=angle, pen=pen) for angle in (0, 90)]
        for mark in self._marks:
            mark.setVisible(False)
            self.plot.addItem(mark)
        self.scene().sigMouseClicked.connect(self._on_clicked)

    def set_geometry(self, geometry: Geometry) -> None:
        """Lay the axes out for a survey."""
        self._geometry = geometry
        live = np.where(geometry.live_mask, 1.0, np.nan)
        self._live.setImage(live, levels=(0, 1), lut=_one_color(_LIVE))
        for image in (self._live, self.image):
            image.setTransform(_to_lines(geometry))
        n_inlines, n_crosslines, _ = geometry.shape
        height, width = (
            n_inlines * abs(geometry.inline_step),
            n_crosslines * abs(geometry.crossline_step),
        )
        locked = 1 / _LOCKED_UNTIL <= height / width <= _LOCKED_UNTIL
        self.plot.setAspectLocked(self._to_scale and locked)
        self.plot.autoRange(padding=0.02)

    def show_values(
        self,
        values: Values | None,
        colors: pg.ColorMap,
        levels: tuple[float, float],
        title: str = "",
    ) -> None:
        """Show values, shape (n_inlines, n_crosslines); None: only the survey."""
        if values is None or not np.isfinite(values).any():
            self.image.clear()
            return
        low, high = levels
        high = high if high > low else low + 1
        self.image.setImage(np.asarray(values, np.float32), levels=(low, high))
        self.image.setColorMap(colors)
        self.bar.setColorMap(colors)
        self.bar.setLevels((low, high))
        self.bar.setLabel("right", title)

    def mark(self, i: int, j: int) -> None:
        """Mark the inline and the crossline on which the viewer is."""
        if self._geometry is not None:
            for mark, number in zip(self._marks, self._geometry.line_numbers(i, j), strict=True):
                mark.setVisible(True)
                mark.setPos(number)

    def trace_at(self, scene_position: Any) -> tuple[int, int] | None:
        """Return the trace under a position of the scene; None outside the survey."""
        if self._geometry is None or not self.plot.sceneBoundingRect().contains(scene_position):
            return None
        at = self.plot.getViewBox().mapSceneToView(scene_position)
        i, j, _ = self._geometry.locate(at.y(), at.x(), 0.0)
        trace = round(i), round(j)
        inside = all(0 <= n < size for n, size in zip(trace, self._geometry.shape, strict=False))
        return trace if inside else None

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self.setBackground(background)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(text)
            self.plot.getAxis(side).setTextPen(text)
        self.bar.axis.setPen(text)
        self.bar.axis.setTextPen(text)

    def _on_clicked(self, event: Any) -> None:
        trace = self.trace_at(event.scenePos())
        if trace is not None and self._picked is not None:
            self._picked(*trace)


def _to_lines(geometry: Geometry) -> QTransform:
    """Return the transform from pixels of an image to line numbers: traces are at centres."""
    inline, crossline = geometry.line_numbers(-0.5, -0.5)
    transform = QTransform.fromTranslate(crossline, inline)
    return transform.scale(geometry.crossline_step, geometry.inline_step)


def _one_color(color: str) -> NDArray[np.uint8]:
    return np.array([pg.mkColor(color).getRgb()] * 2, np.uint8)
