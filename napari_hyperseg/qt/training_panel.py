"""The panel of the jobs: Train and Predict, or Pause and Stop, and how far it is."""

from __future__ import annotations

from qtpy.QtWidgets import (
    QDoubleSpinBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_hyperseg.project.controls import MINUTES_TIP, Controls, controls
from napari_hyperseg.project.session import Phase, Session
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.project.wording import (
    age_text,
    bar_text,
    message_text,
    progress_text,
    scores_text,
)
from napari_hyperseg.qt.alarm import alarm_style
from napari_hyperseg.qt.compute_choice import ComputeChoice

_PERMILLE = 1000
_MINUTES_WIDE = 4  # halves of a button: "1440.0 min" between the arrows
_KEYS = {"Pause": "Pa&use", "Resume": "Res&ume"}  # Alt+U: the letter that both have


class TrainingPanel(QGroupBox):
    """Buttons that forward to the session, and its progress.

    What starts a job and what is said to one that runs take turns in one row.

    Parameters
    ----------
    model : SessionModel
        The session.
    beside : QWidget, optional
        What is at the end of the row, whether a job runs or not.
    parent : QWidget, optional
        The dock.
    """

    def __init__(
        self,
        model: SessionModel,
        beside: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Training", parent)
        self.message_row = QHBoxLayout()  # the message takes what others in it leave
        self._model, self._beside = model, beside
        self._alarm = ""
        self._build()
        self.display(model.session)

    def display(self, session: Session) -> None:
        """Show the session."""
        self._render_buttons(controls(session))
        self._render_turn(session.phase.running)
        self._render_bar(session)
        self.compute.display(running=session.phase.running)
        self.message.setText(message_text(session))
        self.message.setStyleSheet(self._alarm if session.phase is Phase.FAILED else "")
        texts = (progress_text(session), age_text(session), scores_text(session))
        lines = [text for text in texts if text]
        self.figures.setText("\n".join(lines))
        self.figures.setVisible(bool(lines))

    def set_colors(self, error: str) -> None:
        """Wear the colours of the window's theme."""
        self._alarm = alarm_style(error)
        self.display(self._model.session)

    def _render_buttons(self, can: Controls) -> None:
        self.pause.setText(_KEYS[can.pause_text])
        states = (
            (self.train, can.train, can.train_tip, "Alt+T"),
            (self.predict, can.predict, can.predict_tip, "Alt+R"),
            (self.pause, can.pause, can.pause_tip, "Alt+U"),
            (self.stop, can.stop, can.stop_tip, "Alt+O"),
        )
        for button, enabled, tip, key in states:
            button.setEnabled(enabled)
            button.setToolTip(f"{tip} ({key})")
        self.minutes.setEnabled(can.minutes)

    def _render_turn(self, running: bool) -> None:
        """Show the buttons whose turn it is; the keyboard goes on where it was."""
        starting, during = (self.train, self.minutes, self.predict), (self.pause, self.stop)
        shown, hidden = (during, starting) if running else (starting, during)
        had_focus = any(widget.hasFocus() for widget in hidden)
        for widget in shown:
            widget.setVisible(True)
        if had_focus:
            shown[0].setFocus()
        for widget in hidden:
            widget.setVisible(False)

    def _render_bar(self, session: Session) -> None:
        """Show the share that is done; a bar without an end while the worker starts."""
        self.bar.setVisible(session.phase.running)
        starting = session.phase in (Phase.TRAINING, Phase.PREDICTING) and not session.device
        self.bar.setRange(0, 0 if starting else _PERMILLE)
        if not starting:
            self.bar.setValue(round(_PERMILLE * session.progress.fraction))
        self.bar.setFormat(bar_text(session))

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addLayout(self._build_buttons())
        self.compute = ComputeChoice(self._model, self)
        layout.addWidget(self.compute)
        self.bar = QProgressBar()
        self.bar.setToolTip("How far the job is")
        self.message, self.figures = QLabel(), QLabel()
        for label in (self.message, self.figures):
            label.setWordWrap(True)
        self.message_row.addWidget(self.message, 1)
        layout.addWidget(self.bar)
        layout.addLayout(self.message_row)
        layout.addWidget(self.figures)

    def _build_buttons(self) -> QHBoxLayout:
        self.train = QPushButton("&Train")
        self.train.clicked.connect(self._on_train)
        self.minutes = _minutes_box()
        self.predict = QPushButton("P&redict")
        self.predict.clicked.connect(self._on_predict)
        self.pause = QPushButton("Pa&use")
        self.pause.clicked.connect(self._on_pause)
        self.stop = QPushButton("St&op")
        self.stop.clicked.connect(self._on_stop)
        row = QHBoxLayout()
        row.setSpacing(2)
        for widget in (self.train, self.minutes, self.predict, self.pause, self.stop):
            row.addWidget(widget, _MINUTES_WIDE if widget is self.minutes else 2)
        if self._beside is not None:
            row.addWidget(self._beside, 2)
        return row

    def _on_train(self) -> None:
        self._model.train(self.minutes.value())

    def _on_predict(self) -> None:
        self._model.predict()

    def _on_pause(self) -> None:
        self._model.toggle_pause()

    def _on_stop(self) -> None:
        self._model.stop()


def _minutes_box() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0.5, 24 * 60)
    box.setDecimals(1)
    box.setValue(10)
    box.setSuffix(" min")
    box.setToolTip(MINUTES_TIP)
    return box
