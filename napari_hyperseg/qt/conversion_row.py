"""Where the samples on screen are read from, and how far their conversion is."""

from __future__ import annotations

from qtpy.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget
from superqt import QElidingLabel

from napari_hyperseg.project.conversion import BackgroundConversion, Stage

_TEXTS = {Stage.FILE: "SEG-Y file", Stage.CONVERTED: "converted copy"}
_CONVERT_TIP = (
    "Keep a copy in the project that is quick to cut in every direction; it takes about as much "
    "disk as the file"
)
_STOP_TIP = "Stop converting; what is done is kept"


class ConversionRow(QWidget):
    """A line of text or a progress bar, and a button to convert or to stop.

    Parameters
    ----------
    conversion : BackgroundConversion
        Of the open survey.
    """

    def __init__(self, conversion: BackgroundConversion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conversion = conversion
        self.text, self.bar, self.button = QElidingLabel(), QProgressBar(), QPushButton()
        self.bar.setRange(0, 100)
        self.bar.setFormat("converting: %p%")
        self.bar.setMaximumHeight(16)
        self.bar.setToolTip("The survey is looked at from the file meanwhile")
        self.button.clicked.connect(self._press)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget, stretch in ((self.text, 1), (self.bar, 1), (self.button, 0)):
            layout.addWidget(widget, stretch)
        self.display()

    def display(self) -> None:
        """Show how far it is."""
        state = self._conversion.state
        converting = state.stage is Stage.CONVERTING
        self.bar.setVisible(converting)
        self.text.setVisible(not converting)
        self.bar.setValue(int(100 * state.fraction))
        self.text.setText(state.message or _TEXTS.get(state.stage, ""))
        self.text.setToolTip(state.message or "Where the samples on screen are read from")
        self.button.setVisible(state.stage is not Stage.CONVERTED)
        self.button.setEnabled(self._conversion.possible)
        self.button.setText("Stop" if converting else "Convert")
        self.button.setToolTip(_STOP_TIP if converting else _CONVERT_TIP)

    def _press(self) -> None:
        if self._conversion.state.stage is Stage.CONVERTING:
            self._conversion.stop()
        else:
            self._conversion.begin()
