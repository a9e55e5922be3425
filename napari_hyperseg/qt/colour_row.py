"""Choosing how amplitudes are drawn: colours and gain."""

from __future__ import annotations

from qtpy.QtCore import QSize
from qtpy.QtGui import QColor, QIcon, QLinearGradient, QPainter, QPixmap
from qtpy.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QSizePolicy, QWidget
from superqt.utils import signals_blocked

from napari_hyperseg.viewer.colours import COLOURS, LARGEST_GAIN, LEAST_GAIN, AmplitudeLook

_GAIN_WIDTH, _LIST_WIDTH = 96, 220
_WIDTH, _HEIGHT = 16, 12  # of the picture of a colour map


class ColourRow(QWidget):
    """A list of colour maps and a box for the gain.

    Parameters
    ----------
    look : AmplitudeLook
        Of the amplitudes that are worked on.
    """

    def __init__(self, look: AmplitudeLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.colours, self.gain = QComboBox(), QDoubleSpinBox()
        for name, colors in COLOURS.items():
            self.colours.addItem(_picture(colors), name)
        self.colours.setIconSize(QSize(_WIDTH, _HEIGHT))
        self.colours.setToolTip("Colours of the amplitudes, troughs first")
        entries = self.colours.view()
        if entries is not None:
            entries.setMinimumWidth(_LIST_WIDTH)
        self.colours.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.colours.textActivated.connect(look.choose_colours)
        self.gain.setRange(LEAST_GAIN, LARGEST_GAIN)
        self.gain.setDecimals(1)
        self.gain.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.gain.setPrefix("\u00d7 ")
        self.gain.setMaximumWidth(_GAIN_WIDTH)
        self.gain.setToolTip("Gain: at 1, amplitudes saturate at their 99th percentile")
        self.gain.valueChanged.connect(look.choose_gain)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.colours, 1)
        layout.addWidget(self.gain, 0)

    def display(self) -> None:
        """Show what is chosen."""
        name, gain = self._look.colours, self._look.gain
        at = self.colours.findText(name) if name else -1
        if self.colours.currentIndex() != at:
            self.colours.setCurrentIndex(at)
        if gain is not None and not self.gain.hasFocus():
            with signals_blocked(self.gain):
                self.gain.setValue(gain)


def _picture(colors: tuple[str, ...]) -> QIcon:
    picture = QPixmap(_WIDTH, _HEIGHT)
    gradient = QLinearGradient(0, 0, _WIDTH, 0)
    for place, color in enumerate(colors):
        gradient.setColorAt(place / (len(colors) - 1), QColor(color))
    painter = QPainter(picture)
    painter.fillRect(picture.rect(), gradient)
    painter.end()
    return QIcon(picture)
