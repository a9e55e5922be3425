"""The form below the tools that copies the section's labels to another line."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from qtpy.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)
from superqt.utils import signals_blocked

from napari_hyperseg.qt.fill_form import message_label
from napari_hyperseg.viewer.line_copy import KEY_TEXTS, LARGEST_SHIFT, MOST_LINES, CopyOptions
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.workspace import Workspace

_FOLLOW_TIP = "Move the labels of each trace as the seismic around their boundaries moves"
_SHIFT_TIP = "Move the labels down on the other line; up where negative"
_SLICE_TIP = "Labels of a time slice are copied as they are"
_UNLABELLED_TIP = "Leave the labels that are there; otherwise they are replaced"


class CopyForm(QWidget):
    """How many lines on, how labels move, and a button for each direction.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._copy = workspace, workspace.line_copy
        self._build()
        self._copy.changed.connect(self._display_message)
        self.destroyed.connect(partial(self._copy.changed.disconnect, self._display_message))

    def display(self) -> None:
        """Show the options, and where the buttons lead."""
        options, flat = self._copy.options, self._workspace.navigation.section is Section.TIME_SLICE
        self._display_shift(options)
        self.shift.setEnabled(not (options.follow or flat))
        self.shift.setToolTip(_SLICE_TIP if flat else _SHIFT_TIP)
        self.follow.setEnabled(not flat)
        self.follow.setToolTip(_SLICE_TIP if flat else _FOLLOW_TIP)
        for direction, button in self.buttons.items():
            target, why_not = self._copy.target(direction)
            button.setText(_arrow(target, direction))
            button.setEnabled(not why_not)
            button.setToolTip(why_not or f"Copy to {target} and go there ({KEY_TEXTS[direction]})")

    def _display_shift(self, options: CopyOptions) -> None:
        geometry = self._workspace.geometry
        if geometry is None or self.shift.hasFocus():
            return
        with signals_blocked(self.shift):
            whole = float(geometry.sample_interval_ms).is_integer()
            self.shift.setDecimals(0 if whole else 2)
            self.shift.setSuffix(f" {geometry.vertical_unit}")
            self.shift.setSingleStep(geometry.sample_interval_ms)
            self.shift.setValue(options.shift)

    def _display_message(self) -> None:
        self.message.setText(self._copy.said)
        self.message.setVisible(bool(self._copy.said))

    def _build(self) -> None:
        self.lines, self.shift = QSpinBox(), QDoubleSpinBox()
        self.lines.setRange(1, MOST_LINES)
        self.lines.setToolTip("How many lines further")
        self.shift.setRange(-LARGEST_SHIFT, LARGEST_SHIFT)
        self.follow = QCheckBox("follow seismic")
        self.unlabelled = QCheckBox("only unlabelled")
        self.unlabelled.setChecked(True)
        self.unlabelled.setToolTip(_UNLABELLED_TIP)
        for changed in (
            self.lines.valueChanged,
            self.shift.valueChanged,
            self.follow.toggled,
            self.unlabelled.toggled,
        ):
            changed.connect(self._on_option)
        self.buttons = {direction: QPushButton() for direction in (-1, 1)}
        for direction, button in self.buttons.items():
            button.clicked.connect(partial(self._on_copy, direction))
        self.message = message_label()
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for button in self.buttons.values():
            buttons.addWidget(button)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.addWidget(QLabel("lines"), 0, 0)
        grid.addWidget(self.lines, 0, 1)
        grid.addWidget(self.follow, 0, 2)
        grid.addWidget(QLabel("shift"), 1, 0)
        grid.addWidget(self.shift, 1, 1)
        grid.addWidget(self.unlabelled, 1, 2)
        grid.addLayout(buttons, 2, 0, 1, 3)
        grid.addWidget(self.message, 3, 0, 1, 3)
        grid.setColumnStretch(1, 1)

    def _on_option(self, *_: object) -> None:
        self._copy.options = replace(
            self._copy.options,
            lines=self.lines.value(),
            shift=self.shift.value(),
            follow=self.follow.isChecked(),
            replace=not self.unlabelled.isChecked(),
        )
        self.display()

    def _on_copy(self, direction: int, *_: object) -> None:
        self._copy.press(direction)


def _arrow(target: str, direction: int) -> str:
    """Say where a button leads: "< Inline 1031"."""
    if not target:
        return "\u25c0" if direction < 0 else "\u25b6"
    return f"\u25c0 {target}" if direction < 0 else f"{target} \u25b6"
