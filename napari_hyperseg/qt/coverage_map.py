"""A small map of which positions of a survey have a trace."""

from __future__ import annotations

import pyqtgraph as pg
from qtpy.QtCore import QRectF
from qtpy.QtWidgets import QSizePolicy, QWidget

from napari_hyperseg.survey.segy.exploring import Look

_LIVE = "#56b4e9"


class CoverageMap(pg.PlotWidget):
    """Crosslines to the right, inlines upwards; positions with a trace are blue.

    Parameters
    ----------
    background, text : str
        Colours of the window's theme.
    parent : QWidget, optional
    """

    def __init__(self, background: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=background)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setLookupTable(pg.ColorMap([0.0, 1.0], [background, _LIVE]).getLookupTable())
        self.addItem(self._image)
        self.setMouseEnabled(x=False, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        for side, name in (("left", "inline"), ("bottom", "crossline")):
            axis = self.getAxis(side)
            axis.setLabel(name, color=text)
            axis.enableAutoSIPrefix(False)
            axis.setPen(text)
            axis.setTextPen(text)
        self.setMinimumSize(260, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def display(self, look: Look | None) -> None:
        """Show where there are traces; nothing if the file cannot be read so."""
        self.getPlotItem().setVisible(look is not None)
        if look is None:
            return
        inlines, crosslines = look.info.inlines, look.info.crosslines
        place = QRectF(
            crosslines.first - crosslines.step / 2,
            inlines.first - inlines.step / 2,
            crosslines.step * crosslines.count,
            inlines.step * inlines.count,
        )
        self._image.setImage(look.coverage, levels=(0, 1))
        self._image.setRect(place)
        self.setRange(place, padding=0.03)
