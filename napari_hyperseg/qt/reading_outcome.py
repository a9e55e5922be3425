"""What a way to read a SEG-Y file gives: figures, remarks, a map of the traces."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from superqt import QElidingLabel

from napari_hyperseg.qt.coverage_map import CoverageMap
from napari_hyperseg.survey.segy.exploring import Look
from napari_hyperseg.survey.segy.wording import facts, map_fit_text, share_text

_ROWS = ("inlines", "crosslines", "samples", "traces", "live", "duplicates", "offsets", "map fit")


class ReadingOutcome(QWidget):
    """Shows one look at a file, or why it cannot be read so.

    Parameters
    ----------
    background, text : str
        Colours of the window's theme.
    parent : QWidget, optional
    """

    def __init__(self, background: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build(background, text)

    def display(self, look: Look) -> None:
        """Show what a reading gives."""
        told = facts(look.info)
        share = look.info.live_traces / look.live.size
        texts = {
            **told,
            "live": f"{share_text(share)} of {look.live.size:,} positions",
            "map fit": map_fit_text(look.info),
        }
        for name in _ROWS:
            self.texts[name].setText(texts[name])
            self.texts[name].setToolTip(texts[name])
        undecided = () if look.undecided is None else (look.undecided.what,)
        self._say((*undecided, *look.remarks))
        self.map.display(look)

    def display_error(self, message: str) -> None:
        """Show why nothing comes of a reading."""
        self._clear()
        self._say((message,))

    def display_work(self, message: str) -> None:
        """Show that it is being worked out."""
        self._say((message,))

    def _clear(self) -> None:
        for label in self.texts.values():
            label.setText("-")
            label.setToolTip("")
        self.map.display(None)

    def _say(self, lines: tuple[str, ...]) -> None:
        self.remarks.setText("\n".join(lines) or "Nothing is odd.")

    def _build(self, background: str, text: str) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(1)
        self.texts = {name: QElidingLabel("-") for name in _ROWS}
        for name, label in self.texts.items():
            label.setMinimumWidth(280)
            form.addRow(QLabel(name), label)
        self.map = CoverageMap(background, text)
        self.remarks = QLabel()
        self.remarks.setWordWrap(True)
        self.remarks.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.remarks.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        scroll = QScrollArea()
        scroll.setWidget(self.remarks)
        scroll.setWidgetResizable(True)
        scroll.setFixedHeight(96)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self.map, stretch=1)
        layout.addWidget(scroll)
