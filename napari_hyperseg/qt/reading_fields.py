"""Fields for how a SEG-Y file is read: what is said by the user, the rest as it was found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QComboBox, QGridLayout, QLabel, QSpinBox, QWidget
from superqt.utils import signals_blocked

from napari_hyperseg.survey.segy.reading import (
    STANDARD_LINES,
    STANDARD_SCALAR,
    STANDARD_XY,
    Reading,
)

_DOMAINS = {"time": "time (ms)", "depth": "depth"}
_UNITS = {"m": "metres", "ft": "feet"}
_ALL, _STACK = "all", "stack"
_NONE = "none"


class ReadingFields(QWidget):
    """Shows a reading, and changes it; what the user touches is said from then on.

    Parameters
    ----------
    said : Reading
        What is said at the beginning.
    offsets : tuple of int
        Those in the file.
    last_byte : int
        Where the last number of a trace header can begin.
    parent : QWidget, optional

    Attributes
    ----------
    said : Reading
        What the user says; None where that is to be found.
    changed : Signal()
        Something else is said.
    """

    changed = Signal()

    def __init__(
        self,
        said: Reading,
        offsets: tuple[int, ...],
        last_byte: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.said = said
        self._build(offsets, last_byte)
        self.display(said)

    def display(self, reading: Reading) -> None:
        """Show what is said, or was found."""
        inline, crossline = reading.lines or STANDARD_LINES
        x, y = reading.xy or STANDARD_XY
        scalar = STANDARD_SCALAR if reading.scalar is None else reading.scalar
        bytes_ = (inline, crossline, x, y, scalar)
        boxes = (self.inline, self.crossline, self.map_x, self.map_y, self.scalar)
        for box, byte in zip(boxes, bytes_, strict=True):
            _set(box, byte)
        traces = _STACK if reading.stack else reading.offset
        _select(self.domain, reading.domain or "time")
        _select(self.unit, reading.length_unit or "m")
        _select(self.traces, _ALL if traces is None else traces)

    def choose_lines(self, pair: tuple[int, int]) -> None:
        """Say the header bytes of inline and crossline."""
        for box, byte in zip((self.inline, self.crossline), pair, strict=True):
            _set(box, byte)
        self.say(lines=pair)

    def say(self, **said: Any) -> None:
        """Say something of the file: fields of `Reading`."""
        self.said = replace(self.said, **said)
        self.changed.emit()

    def _build(self, offsets: tuple[int, ...], last_byte: int) -> None:
        self.inline, self.crossline, self.map_x, self.map_y, self.scalar = (
            _byte_box(last_byte) for _ in range(5)
        )
        self.inline.setToolTip("Trace header byte of the inline number; none: one inline")
        self.crossline.setToolTip("Trace header byte of the crossline number; none: counted")
        self.scalar.setToolTip("Trace header byte of what x and y are scaled by")
        self.domain, self.unit = _combo(_DOMAINS), _combo(_UNITS)
        several = {offset: f"offset {offset}" for offset in offsets} if len(offsets) > 1 else {}
        self.traces = _combo({_ALL: "all traces", **several, _STACK: "mean of all (stack)"})
        self.traces.setToolTip("Of a prestack file: which traces to take")
        self._connect()
        rows: tuple[tuple[str, QWidget, str, QWidget], ...] = (
            ("inline byte", self.inline, "crossline byte", self.crossline),
            ("x byte", self.map_x, "y byte", self.map_y),
            ("scaled by byte", self.scalar, "traces", self.traces),
            ("samples are", self.domain, "lengths are", self.unit),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for row, (first, left, second, right) in enumerate(rows):
            for column, widget in enumerate((QLabel(first), left, QLabel(second), right)):
                grid.addWidget(widget, row, column)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)

    def _connect(self) -> None:
        for box in (self.inline, self.crossline):
            box.valueChanged.connect(self._on_lines)
        for box in (self.map_x, self.map_y):
            box.valueChanged.connect(self._on_coordinates)
        self.scalar.valueChanged.connect(self._on_scalar)
        self.domain.currentIndexChanged.connect(self._on_domain)
        self.unit.currentIndexChanged.connect(self._on_unit)
        self.traces.currentIndexChanged.connect(self._on_traces)

    def _on_lines(self) -> None:
        self.say(lines=(self.inline.value(), self.crossline.value()))

    def _on_coordinates(self) -> None:
        self.say(xy=(self.map_x.value(), self.map_y.value()))

    def _on_scalar(self) -> None:
        self.say(scalar=self.scalar.value())

    def _on_domain(self) -> None:
        self.say(domain=self.domain.currentData())

    def _on_unit(self) -> None:
        self.say(length_unit=self.unit.currentData())

    def _on_traces(self) -> None:
        traces = self.traces.currentData()
        stack = traces == _STACK
        self.say(stack=stack, offset=None if stack or traces == _ALL else traces)


def _byte_box(last_byte: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(0, last_byte)
    box.setSpecialValueText(_NONE)
    return box


def _set(box: QSpinBox, byte: int) -> None:
    if box.value() != byte:  # what is being typed keeps its cursor
        with signals_blocked(box):
            box.setValue(byte)


def _combo(texts: dict[Any, str]) -> QComboBox:
    combo = QComboBox()
    for data, text in texts.items():
        combo.addItem(text, data)
    return combo


def _select(combo: QComboBox, data: Any) -> None:
    with signals_blocked(combo):
        combo.setCurrentIndex(max(0, combo.findData(data)))
