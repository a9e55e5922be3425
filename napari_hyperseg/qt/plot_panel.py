"""The panel with the live curves: loss above, accuracy and mean IoU below.

Where there is little room, the loss is left out.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from qtpy.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from napari_hyperseg.project.session import Session

# Okabe and Ito's colours: told apart by colour-blind eyes, readable on dark and on light.
_LOSS, _ACCURACY, _HELD_OUT, _IOU = "#e69f00", "#56b4e9", "#cc79a7", "#009e73"
_LEAST_HEIGHT, _BOTH_FROM = 84, 190
_DENSITY = 0.5  # of these numbers, for a plot as low as that
_SHARES = {"accuracy": _ACCURACY, "held out": _HELD_OUT, "mean IoU": _IOU}


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
        """Show the session's curves; without any, leave the room to the other panels."""
        self.setVisible(bool(session.steps or session.scores))
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

    def resizeEvent(self, event: Any) -> None:
        """Show both plots if they can be read."""
        super().resizeEvent(event)
        both, shown = self.height() >= _BOTH_FROM, self.upper_plot in self.graphics.ci.items
        if both and not shown:
            self.graphics.addItem(self.upper_plot, row=0, col=0)
        elif shown and not both:
            self.graphics.removeItem(self.upper_plot)

    def _build(self) -> None:
        self.graphics = pg.GraphicsLayoutWidget()
        self.graphics.setMinimumHeight(_LEAST_HEIGHT)
        self.graphics.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.upper_plot = _plot(self.graphics, 0, {"loss": _LOSS})
        self.lower_plot = _plot(self.graphics, 1, _SHARES)
        self.upper_plot.getAxis("bottom").setStyle(showValues=False)
        self.upper_plot.setXLink(self.lower_plot)
        self.lower_plot.setYRange(0, 1)
        self.loss = self.upper_plot.plot(pen=pg.mkPen(_LOSS, width=2))
        self.accuracy = self.lower_plot.plot(pen=pg.mkPen(_ACCURACY, width=2))
        self.held_out = self.lower_plot.plot(pen=pg.mkPen(_HELD_OUT, width=2))
        self.iou = self.lower_plot.plot(pen=pg.mkPen(_IOU, width=2))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.graphics)


def _title(names: dict[str, str]) -> str:
    """Name curves in their own colours, where a legend would cover them."""
    spans = (f"<span style='color: {color}'>{name}</span>" for name, color in names.items())
    return " &nbsp; ".join(spans)


def _plot(graphics: pg.GraphicsLayoutWidget, row: int, names: dict[str, str]) -> pg.PlotItem:
    plot = graphics.addPlot(row=row, col=0)
    plot.setTitle(_title(names), size="8pt")
    plot.setMouseEnabled(x=False, y=False)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.getAxis("left").setWidth(34)
    plot.getAxis("left").setTickDensity(_DENSITY)
    return plot
