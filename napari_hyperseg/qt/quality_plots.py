"""The quality window's pages that are drawn: curves, and confidence beside accuracy."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QVBoxLayout, QWidget

from napari_hyperseg.jobs.events import Scores
from napari_hyperseg.project.quality import NO_SCORES, NOT_MEASURED, calibration_text
from napari_hyperseg.project.training_record import TrainingRecord

# Okabe and Ito's colours, as in the dock's curves.
_LOSS, _HELD_OUT, _IOU = "#e69f00", "#cc79a7", "#009e73"
_ONE_DOT = {"symbol": "o", "symbolSize": 5}
_SMALLEST, _GROWTH = 3, 12  # dots grow with the voxels they stand for


class CurvesPage(pg.GraphicsLayoutWidget):
    """Loss above, held-out accuracy and mean IoU below, over the training steps."""

    def __init__(self) -> None:
        super().__init__()
        self.loss_plot = _plot(self, 0, "loss on what was trained with", "loss")
        self.held_out_plot = _plot(self, 1, "held-out labels", "share")
        self.held_out_plot.setLabel("bottom", "step")
        self.held_out_plot.setXLink(self.loss_plot)
        self.held_out_plot.setYRange(0, 1)
        self.held_out_plot.addLegend(offset=(-10, -10))
        self.loss = self.loss_plot.plot(pen=pg.mkPen(_LOSS, width=2))
        self.accuracy = _curve(self.held_out_plot, _HELD_OUT, "accuracy")
        self.iou = _curve(self.held_out_plot, _IOU, "mean IoU")

    def display(self, record: TrainingRecord) -> None:
        """Show a training's curves."""
        self.loss.setData([p.step for p in record.steps], [p.loss for p in record.steps])
        steps = [point.step for point in record.scores]
        self.accuracy.setData(steps, [point.accuracy for point in record.scores])
        self.iou.setData(steps, [point.mean_iou for point in record.scores])

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self.setBackground(background)
        for plot in (self.loss_plot, self.held_out_plot):
            _wear(plot, text)
        self.held_out_plot.legend.setLabelTextColor(text)


class CalibrationPage(QWidget):
    """Accuracy over confidence, with the diagonal, and how many voxels there are of each."""

    def __init__(self) -> None:
        super().__init__()
        self.message = QLabel("")
        self.message.setWordWrap(True)
        self.graphics = pg.GraphicsLayoutWidget()
        self.reliability = _plot(self.graphics, 0, "reliability", "accuracy")
        self.histogram = _plot(self.graphics, 1, "how sure it is", "share of voxels")
        self.histogram.setLabel("bottom", "confidence")
        for plot in (self.reliability, self.histogram):
            plot.setXRange(0, 1)
            plot.setYRange(0, 1)
        self.graphics.ci.layout.setRowStretchFactor(0, 2)
        self.graphics.ci.layout.setRowStretchFactor(1, 1)
        self.diagonal = self.reliability.plot([0, 1], [0, 1])
        self.curve = _curve(self.reliability, _HELD_OUT, "")
        self.bars = pg.BarGraphItem(x0=[], x1=[], y0=[], y1=[], brush=_IOU, pen=None)
        self.histogram.addItem(self.bars)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.message)
        layout.addWidget(self.graphics, 1)

    def display(self, scores: Scores | None) -> None:
        """Show whether confidence is what it says."""
        curve = None if scores is None else scores.reliability
        self.graphics.setVisible(curve is not None)
        if scores is None or curve is None:
            self.message.setText(NO_SCORES if scores is None else NOT_MEASURED)
            return
        self.message.setText(calibration_text(scores))
        edges = np.linspace(0, 1, len(curve.counts) + 1)
        shares = np.array(curve.counts) / max(sum(curve.counts), 1)
        pairs = zip(curve.confidence, curve.accuracy, shares, strict=True)
        known = [(sure, right, share) for sure, right, share in pairs if share]
        x, y, weight = np.array(known, float).reshape(-1, 3).T
        self.curve.setData(x, y, symbolSize=_SMALLEST + _GROWTH * np.sqrt(weight))
        gap = 0.004
        self.bars.setOpts(x0=edges[:-1] + gap, x1=edges[1:] - gap, y0=0 * shares, y1=shares)

    def set_colors(self, background: str, text: str) -> None:
        """Wear the colours of the window's theme."""
        self.graphics.setBackground(background)
        self.diagonal.setPen(pg.mkPen(text, style=Qt.PenStyle.DashLine))
        for plot in (self.reliability, self.histogram):
            _wear(plot, text)


def _curve(plot: pg.PlotItem, color: str, name: str) -> pg.PlotDataItem:
    dots = {"symbolBrush": color, "symbolPen": None, **_ONE_DOT}
    return plot.plot(pen=pg.mkPen(color, width=2), name=name or None, **dots)


def _plot(graphics: pg.GraphicsLayoutWidget, row: int, title: str, label: str) -> pg.PlotItem:
    plot = graphics.addPlot(row=row, col=0, title=title)
    plot.setMouseEnabled(x=False, y=False)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.getAxis("left").setWidth(56)
    plot.getAxis("left").enableAutoSIPrefix(False)
    plot.getAxis("bottom").enableAutoSIPrefix(False)
    plot.setLabel("left", label)
    return plot


def _wear(plot: pg.PlotItem, text: str) -> None:
    plot.setTitle(plot.titleLabel.text, color=text, size="9pt")
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(text)
        axis.setTextPen(text)
