"""A box for the number of the section on screen, in survey numbers or milliseconds."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QWidget
from superqt.utils import signals_blocked

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.readout import LineAxis, line_axis
from napari_hyperseg.viewer.sections import Section

_TITLES = {Section.INLINE: "Inline", Section.CROSSLINE: "Crossline", Section.TIME_SLICE: "Slice"}


_DONE = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LineNumber(QDoubleSpinBox):
    """A number that is taken with Enter or left with Escape; then the keys are the canvas's.

    Attributes
    ----------
    given_up : Signal()
        Escape was pressed: what was typed does not count.
    """

    given_up = Signal()

    @property
    def typing(self) -> bool:
        """Whether something is typed that is not taken yet."""
        edit = self.lineEdit()
        return edit is not None and edit.isModified() and self.hasFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # type: ignore[override]
        """Let go of the keyboard with Enter and Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
        if event.key() in (*_DONE, Qt.Key.Key_Escape):
            event.accept()  # the canvas has other uses for them
            self.clearFocus()


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
        self._axis, self._index = LineAxis(0.0, 1.0, 1, ""), 0
        self._build()

    def display(
        self, geometry: Geometry | None, section: Section | None, index: int | None
    ) -> None:
        """Show the line with this array index; without one there is nothing to choose."""
        self.setEnabled(index is not None)
        if geometry is None or section is None or index is None:
            return
        self._axis, self._index = line_axis(geometry, section), index
        self.title.setText(_TITLES[section])
        with signals_blocked(self.number), signals_blocked(self.slider):
            if not self.number.typing:
                self._render_number(index)
            self.slider.setRange(0, self._axis.n_lines - 1)
            self.slider.setValue(index)

    def ask(self) -> None:
        """Let the user type a number."""
        self.number.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.number.selectAll()

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
        self.number = LineNumber()
        self.number.setDecimals(0)
        self.number.setKeyboardTracking(False)
        self.number.setMinimumWidth(90)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.number.setToolTip("The line on screen, in the survey's numbers")
        self.slider.setToolTip("Move through the lines")
        self.number.valueChanged.connect(self._on_number)
        self.number.given_up.connect(self._on_given_up)
        self.slider.valueChanged.connect(self._go_to)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.title)
        row.addWidget(self.slider, stretch=1)
        row.addWidget(self.number)

    def _on_given_up(self) -> None:
        with signals_blocked(self.number):
            self._render_number(self._index)

    def _on_number(self, number: float) -> None:
        self._go_to(round((number - self._axis.first) / self._axis.step))
