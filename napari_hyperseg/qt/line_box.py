"""A box for the number of the section on screen, in survey numbers or milliseconds."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QWidget
from superqt.utils import signals_blocked

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.readout import LineAxis, line_axis
from napari_hyperseg.viewer.sections import Section

_TITLES = {Section.INLINE: "Inline", Section.CROSSLINE: "Crossline", Section.TIME_SLICE: "Slice"}


class LineBox(QWidget):
    """Shows which line is on screen and asks for another.

    Parameters
    ----------
    go_to : callable
        Called with the array index of the line that is asked for.
    """

    def __init__(self, go_to: Callable[[int], None]) -> None:
        super().__init__()
        self._go_to = go_to
        self._axis = LineAxis(0.0, 1.0, 1, "")
        self._build()

    def display(
        self, geometry: Geometry | None, section: Section | None, index: int | None
    ) -> None:
        """Show the line with this array index; without one there is nothing to choose."""
        self.setEnabled(index is not None)
        if geometry is None or section is None or index is None:
            return
        self._axis = line_axis(geometry, section)
        self.title.setText(_TITLES[section])
        with signals_blocked(self.number), signals_blocked(self.slider):
            self._render_number(index)
            self.slider.setRange(0, self._axis.n_lines - 1)
            self.slider.setValue(index)

    def _render_number(self, index: int) -> None:
        first, step, n_lines, suffix = self._axis
        last = first + step * (n_lines - 1)
        whole = float(first).is_integer() and float(step).is_integer()
        self.number.setDecimals(0 if whole else 2)
        self.number.setSuffix(f" {suffix}" if suffix else "")
        self.number.setSingleStep(abs(step))
        self.number.setRange(min(first, last), max(first, last))
        self.number.setValue(first + step * index)

    def _build(self) -> None:
        self.title = QLabel("Inline")
        self.title.setMinimumWidth(54)
        self.number = QDoubleSpinBox()
        self.number.setDecimals(0)
        self.number.setKeyboardTracking(False)
        self.number.setMinimumWidth(90)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.number.setToolTip("The line on screen, in the survey's numbers")
        self.slider.setToolTip("Move through the lines")
        self.number.valueChanged.connect(self._on_number)
        self.slider.valueChanged.connect(self._go_to)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.title)
        row.addWidget(self.slider, stretch=1)
        row.addWidget(self.number)

    def _on_number(self, number: float) -> None:
        self._go_to(round((number - self._axis.first) / self._axis.step))
