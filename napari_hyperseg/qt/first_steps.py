"""The hint of the first time: three steps, ticked off one by one, until it is dismissed."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from napari_hyperseg.project.first_steps import STEPS, steps_done
from napari_hyperseg.project.preferences import FIRST_STEPS, prefer, preference
from napari_hyperseg.project.session import Session


class FirstSteps(QFrame):
    """Three lines and a button that takes them away for good.

    Parameters
    ----------
    parent : QWidget, optional
        The dock.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = preference(FIRST_STEPS, default=True)
        self._session = Session()
        self.lines = [QLabel() for _ in STEPS]
        self.dismiss = QPushButton("\u00d7")
        self.dismiss.setToolTip("Do not show the first steps again")
        self.dismiss.setAccessibleName("Dismiss the first steps")
        self.dismiss.setFixedSize(22, 24)
        self.dismiss.clicked.connect(lambda: self.want(False))
        layout = QGridLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.setVerticalSpacing(1)
        for row, line in enumerate(self.lines):
            layout.addWidget(line, row, 0)
        layout.addWidget(self.dismiss, 0, 1, Qt.AlignmentFlag.AlignTop)
        layout.setColumnStretch(0, 1)

    def display(self, session: Session) -> None:
        """Tick off what is done; nothing is left to say when all is, or nothing can be done."""
        self._session = session
        done = steps_done(session)
        for number, (line, step, is_done) in enumerate(
            zip(self.lines, STEPS, done, strict=True), start=1
        ):
            line.setText(f"\u2713  {step}" if is_done else f"{number}  {step}")
            line.setEnabled(not is_done)
        self.setVisible(self._wanted and not all(done) and not session.read_only)

    def want(self, wanted: bool) -> None:
        """Show the steps from now on, or never again."""
        self._wanted = wanted
        prefer(FIRST_STEPS, wanted)
        self.display(self._session)

    def set_color(self, foreground: str) -> None:
        """Wear the theme's colour of panels."""
        self.setStyleSheet(f"FirstSteps {{ background: {foreground}; border-radius: 4px; }}")
