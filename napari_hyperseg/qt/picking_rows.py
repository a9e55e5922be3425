"""The rows with which a horizon is picked: begin, pick, track; what picks snap to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from superqt.utils import signals_blocked

from napari_hyperseg.project.section_picking import LARGEST_WINDOW, PickOptions
from napari_hyperseg.viewer.key_table import Action
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.workspace import Workspace

EVENTS = {
    "peak": "Peak",
    "trough": "Trough",
    "rising": "Zero, - to +",
    "falling": "Zero, + to -",
    "none": "Nothing",
}
_PICK = (
    "Pick the selected horizon with the mouse: click sets a seed, drag draws, "
    "Shift and drag erases; hold Space to move the view"
)

_TRACK = "Follow the event between and beyond the seeds of the section in view, erased parts too"
_TRACK_VOLUME = "Follow the event through the whole survey, from all picks, in the background"


class PickingRows(QWidget):
    """Forwards to the picking tool, and shows how it stands.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    chosen : callable
        Returns the name of the horizon that is selected in the list; None: none.
    """

    def __init__(self, workspace: Workspace, chosen: Callable[[], str | None]) -> None:
        super().__init__()
        self._workspace, self._chosen = workspace, chosen
        self._picking, self._tracking = workspace.picking, workspace.tracking
        self._build()
        self._picking.changed.connect(self.display)
        self._tracking.changed.connect(self.display)

    def let_go(self) -> None:
        """Listen no more."""
        self._picking.changed.disconnect(self.display, missing_ok=True)
        self._tracking.changed.disconnect(self.display, missing_ok=True)

    def display(self) -> None:
        """Show the tool as it is now."""
        interpretation = self._workspace.interpretation
        may = interpretation is not None and not interpretation.read_only
        entry = next((e for e in self._entries if e.name == self._picking.horizon), None)
        self.new.setEnabled(may)
        for widget in (self.pick, self.track, self.event_box, self.window_box, self.least):
            widget.setEnabled(may and entry is not None)
        self.pick.setChecked(self._picking.in_hand)
        self._render_volume(may and entry is not None)
        self._render_options(entry.event if entry else "peak")

    def _render_volume(self, may: bool) -> None:
        state = self._tracking.state
        self.volume.setEnabled(may or state.running)
        self.volume.setText(f"Stop ({state.fraction:.0%})" if state.running else "Track volume")
        self.message.setText(state.message)
        self.message.setVisible(bool(state.message))

    def _render_options(self, event: str) -> None:
        geometry, options = self._workspace.geometry, self._picking.options
        with signals_blocked(self.event_box), signals_blocked(self.window_box):
            self.event_box.setCurrentIndex(list(EVENTS).index(event))
            self.window_box.setSuffix(f" {geometry.vertical_unit}" if geometry else "")
            self.window_box.setValue(options.window)
        with signals_blocked(self.least), signals_blocked(self.tie), signals_blocked(self.along):
            self.least.setValue(options.threshold)
            self.tie.setChecked(options.tie)
            self.along.setChecked(self._picking.track_along)

    @property
    def _entries(self) -> Any:
        return self._workspace.horizons.entries

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(self._build_buttons())
        layout.addLayout(self._build_snapping())
        layout.addLayout(self._build_tracking())
        self.message = QLabel()
        self.message.setWordWrap(True)
        layout.addWidget(self.message)

    def _build_buttons(self) -> QHBoxLayout:
        self.new = _button("New", "Begin a horizon, to be picked on sections", self._on_new)
        told = self._workspace.keys.with_key
        self.pick = _button("Pick", told(Action.PICK_HORIZON, _PICK), self._picking.toggle)
        self.pick.setCheckable(True)
        self.track = _button(
            "Track line",
            told(Action.TRACK_LINE, _TRACK),
            self._on_track,
        )
        self.volume = _button(
            "Track volume",
            told(Action.TRACK_VOLUME, _TRACK_VOLUME),
            self._on_volume,
        )
        return _row(self.new, self.pick, self.track, self.volume)

    def _build_snapping(self) -> QHBoxLayout:
        self.event_box = QComboBox()
        self.event_box.addItems(list(EVENTS.values()))
        self.event_box.setToolTip("What picks of the selected horizon snap to")
        self.event_box.currentIndexChanged.connect(self._on_event)
        tip = "How far a pick may move to snap"
        self.window_box = _spin(0, LARGEST_WINDOW, 1, tip, self._on_options)
        tip = "Tracking beyond the seeds stops where it is less sure than this"
        self.least = _spin(0, 1, 0.05, tip, self._on_options)
        self.least.setDecimals(2)
        return _row(QLabel("snap"), self.event_box, self.window_box)

    def _build_tracking(self) -> QHBoxLayout:
        self.along = QCheckBox("as I click")
        self.along.setToolTip("Track the section anew after every click")
        self.tie = QCheckBox("tie")
        self.tie.setToolTip("Tracking passes through the picks of crossing lines")
        for box in (self.along, self.tie):
            box.toggled.connect(self._on_options)
        row = _row(QLabel("track"), self.least, self.along, self.tie)
        row.setStretch(1, 2)
        return row

    def _on_new(self) -> None:
        self._try(lambda: self._picking.choose(self._workspace.horizons.create()))
        self._picking.take()

    def _on_track(self) -> None:
        self._try(self._picking.track)

    def _on_volume(self) -> None:
        self._try(self._tracking.toggle)

    def _on_event(self, index: int) -> None:
        name = self._picking.horizon
        self._try(lambda: self._workspace.horizons.snap_to(name, list(EVENTS)[index]))  # type: ignore[arg-type]

    def _on_options(self, _: object = None) -> None:
        self._picking.track_along = self.along.isChecked()
        window, threshold, tie = self.window_box.value(), self.least.value(), self.tie.isChecked()
        self._picking.choose_options(PickOptions(window, threshold, tie))

    def _try(self, call: Callable[[], Any]) -> None:
        with refusals_told():
            call()
        self.display()


def _button(text: str, tip: str, pressed: Callable[[], Any]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda _=False: pressed())
    return button


def _spin(
    least: float, most: float, step: float, tip: str, changed: Callable[..., Any]
) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(least, most)
    box.setSingleStep(step)
    box.setDecimals(1)
    box.setToolTip(tip)
    box.setKeyboardTracking(False)
    box.valueChanged.connect(changed)
    return box


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2)
    for widget in widgets:
        if not isinstance(widget, QLabel | QCheckBox):
            widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            widget.setMinimumWidth(20)
        row.addWidget(widget)
    return row
