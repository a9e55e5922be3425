"""The panel with the live curves: loss above, accuracy and mean IoU below."""

from __future__ import annotations

import pyqtgraph as pg
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_hyperseg.project.session import Session

# Okabe and Ito's colours: told apart by colour-blind eyes, readable on dark and on light.
_LOSS, _ACCURACY, _HELD_OUT, _IOU = "#e69f00", "#56b4e9", "#0072b2", "#009e73"


class PlotPanel(QWidget):
    """Curves over the training steps.

    Parameters
    ----------
    parent : QWidget, optional
        The dock.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build()

    def display(self, session: Session) -> None:
        """Show the session's curves."""
        steps = [point.step for point in session.steps]
        self.loss.setData(steps, [point.loss for point in session.steps])
        self.accuracy.setData(steps, [point.accuracy for point in session.steps])
        validated = [point.step for point in session.scores]
        self.held_out.setData(validated, [point.accuracy for point in session.scores])
        self.iou.setData(validated, [point.mean_iou for point in session.scores])

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self.graphics.setBackground(background)
        for plot in (self.upper_plot, self.lower_plot):
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(text)
                plot.getAxis(side).setTextPen(text)
            plot.legend.setLabelTextColor(text)

    def _build(self) -> None:
        self.graphics = pg.GraphicsLayoutWidget()
        self.graphics.setMinimumHeight(150)
        self.upper_plot = _plot(self.graphics, row=0)
        self.lower_plot = _plot(self.graphics, row=1)
        self.upper_plot.getAxis("bottom").setStyle(showValues=False)
        self.lower_plot.setXLink(self.upper_plot)
        self.lower_plot.setYRange(0, 1)
        self.loss = self.upper_plot.plot(pen=pg.mkPen(_LOSS, width=2), name="loss")
        self.accuracy = self.lower_plot.plot(pen=pg.mkPen(_ACCURACY, width=2), name="accuracy")
        self.held_out = self.lower_plot.plot(pen=pg.mkPen(_HELD_OUT, width=2), name="held out")
        self.iou = self.lower_plot.plot(pen=pg.mkPen(_IOU, width=2), name="mean IoU")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.graphics)


def _plot(graphics: pg.GraphicsLayoutWidget, row: int) -> pg.PlotItem:
    plot = graphics.addPlot(row=row, col=0)
    plot.addLegend(offset=(-4, 4), labelTextSize="8pt", verSpacing=-6)
    plot.setMouseEnabled(x=False, y=False)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.getAxis("left").setWidth(34)
    return plot
