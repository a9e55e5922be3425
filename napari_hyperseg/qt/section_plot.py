"""A section drawn beside napari's canvas: pictures, horizons, and a line that can be dragged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyqtgraph as pg
from qtpy.QtCore import Qt
from qtpy.QtGui import QTransform
from superqt.utils import signals_blocked

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.axes import VERTICAL_LABELS
from napari_hyperseg.viewer.cut_mark import COLOR, EDGE_COLOR
from napari_hyperseg.viewer.horizon_lines import Segments
from napari_hyperseg.viewer.readout import line_axis
from napari_hyperseg.viewer.section_picture import Picture
from napari_hyperseg.viewer.sections import DISPLAY_ORDERS, Section

_MARK_PX, _EDGE_PX, _HORIZON_PX = 2, 4, 2
_MARGIN = 0.01


class SectionPlot(pg.GraphicsLayoutWidget):
    """Axes in survey numbers; time downwards, or inlines downwards on a time slice.

    Parameters
    ----------
    crossed : callable
        Told the array index to which the line was dragged.
    picked : callable
        Told the array indices (down, right) that were clicked.
    """

    def __init__(
        self, crossed: Callable[[int], object], picked: Callable[[int, int], object]
    ) -> None:
        super().__init__()
        self._crossed, self._picked = crossed, picked
        self._geometry: Geometry | None = None
        self._section = Section.INLINE
        self._extent: tuple[Any, ...] = ()
        self._images: list[pg.ImageItem] = []
        self._curves: list[pg.PlotCurveItem] = []
        self.plot = self.addPlot()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.invertY(True)
        # Dark on both sides, as on the canvas: seen on any seismic.
        self._edge = pg.InfiniteLine(pen=pg.mkPen(EDGE_COLOR, width=_EDGE_PX))
        self.mark = pg.InfiniteLine(movable=True, pen=pg.mkPen(COLOR, width=_MARK_PX))
        self.mark.setHoverPen(pg.mkPen(COLOR, width=_EDGE_PX))
        self.mark.sigPositionChanged.connect(self._on_dragged)
        for z, line in enumerate((self._edge, self.mark), start=10):
            line.setZValue(z)
            line.setVisible(False)
            self.plot.addItem(line)
        self.scene().sigMouseClicked.connect(self._on_clicked)

    def set_section(self, geometry: Geometry, section: Section) -> None:
        """Lay the axes out; the view stays where these are the same."""
        self._geometry, self._section = geometry, section
        if self._extent and self._extent[0] is geometry and self._extent[1] is section:
            return
        self._extent = geometry, section
        for side, axis in (("left", self._down), ("bottom", self._right)):
            self.plot.setLabel(side, axis_title(geometry, axis))
        down, right = self._axis(self._down), self._axis(self._right)
        for direction, axis in (("y", down), ("x", right)):
            first, last = axis.first, axis.first + axis.step * (axis.n_lines - 1)
            half = abs(axis.step) / 2
            limits = min(first, last) - half, max(first, last) + half
            setter = self.plot.setYRange if direction == "y" else self.plot.setXRange
            setter(*limits, padding=_MARGIN)

    @property
    def pictures(self) -> list[pg.ImageItem]:
        """What is drawn, from below."""
        return [image for image in self._images if image.image is not None]

    def clear_section(self) -> None:
        """Draw nothing."""
        self.show_pictures([])
        self.show_horizons([])
        self.show_mark(None)

    def show_pictures(self, pictures: Sequence[Picture]) -> None:
        """Draw these, the first at the bottom."""
        while len(self._images) < len(pictures):
            image = pg.ImageItem(axisOrder="row-major")
            image.setZValue(len(self._images) / 100)
            self._images.append(image)
            self.plot.addItem(image)
        for image in self._images[len(pictures) :]:
            image.clear()
        for image, picture in zip(self._images, pictures, strict=False):
            image.setTransform(self._to_numbers())
            image.setImage(picture.values, levels=picture.levels, lut=picture.colors)

    def show_horizons(self, horizons: Sequence[tuple[str, Segments]]) -> None:
        """Draw lines, given as array indices (down, right), each in its colour."""
        for curve in self._curves:
            self.plot.removeItem(curve)
        self._curves = []
        for color, segments in horizons:
            down, right = self._axis(self._down), self._axis(self._right)
            y = down.first + down.step * segments[..., 0].ravel()
            x = right.first + right.step * segments[..., 1].ravel()
            pen = pg.mkPen(color, width=_HORIZON_PX)
            curve = pg.PlotCurveItem(x, y, pen=pen, connect="pairs")
            curve.setZValue(5)
            self._curves.append(curve)
            self.plot.addItem(curve)

    def show_mark(self, crossing: tuple[Section, int] | None) -> None:
        """Show where the viewer cuts this section; None: nowhere."""
        for line in (self._edge, self.mark):
            line.setVisible(crossing is not None and crossing[0] is not self._section)
        if crossing is None or crossing[0] is self._section:
            return
        section, index = crossing
        axis = self._axis(section)
        with signals_blocked(self.mark):
            for line in (self._edge, self.mark):
                line.setAngle(0 if section == self._down else 90)
                line.setPos(axis.first + axis.step * index)

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self.setBackground(background)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(text)
            self.plot.getAxis(side).setTextPen(text)

    @property
    def _down(self) -> Section:
        return Section(DISPLAY_ORDERS[self._section][1])

    @property
    def _right(self) -> Section:
        return Section(DISPLAY_ORDERS[self._section][2])

    def _axis(self, axis: Section) -> Any:
        assert self._geometry is not None
        return line_axis(self._geometry, axis)

    def _to_numbers(self) -> QTransform:
        """Return the transform from pixels to survey numbers and times: samples are at centres."""
        down, right = self._axis(self._down), self._axis(self._right)
        corner = right.first - right.step / 2, down.first - down.step / 2
        return QTransform.fromTranslate(*corner).scale(right.step, down.step)

    def _index(self, axis: Section, number: float) -> int:
        line = self._axis(axis)
        index = round((number - line.first) / line.step)
        return min(max(index, 0), line.n_lines - 1)

    def _on_dragged(self) -> None:
        axis = self._down if self.mark.angle == 0 else self._right
        self._crossed(self._index(axis, self.mark.value()))

    def _on_clicked(self, event: Any) -> None:
        inside = self.plot.sceneBoundingRect().contains(event.scenePos())
        if self._geometry is None or not inside or event.button() != Qt.MouseButton.LeftButton:
            return
        at = self.plot.getViewBox().mapSceneToView(event.scenePos())
        self._picked(self._index(self._down, at.y()), self._index(self._right, at.x()))


def axis_title(geometry: Geometry, axis: Section) -> str:
    """Name an axis: "inline", "twt (ms)"."""
    if axis is Section.TIME_SLICE:
        return f"{VERTICAL_LABELS[geometry.domain]} ({geometry.vertical_unit})"
    return axis.name.lower()
