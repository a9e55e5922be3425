"""The panel that trains: Train, Pause or Resume, Stop, and how it is getting on."""

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

from napari_hyperseg.project.session import Phase, Session
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.project.wording import (
    controls,
    message_text,
    prediction_text,
    progress_text,
    scores_text,
)
from napari_hyperseg.qt.alarm import alarm_style

_PERMILLE = 1000


class TrainingPanel(QGroupBox):
    """Buttons that forward to the session, and its progress.

    Parameters
    ----------
    model : SessionModel
        The session.
    parent : QWidget, optional
        The dock.
    """

    def __init__(self, model: SessionModel, parent: QWidget | None = None) -> None:
        super().__init__("Training", parent)
        self._model = model
        self._alarm = ""
        self._build()
        self.display(model.session)

    def display(self, session: Session) -> None:
        """Show the session."""
        can = controls(session)
        self.train.setEnabled(can.train)
        self.pause.setEnabled(can.pause)
        self.pause.setText(can.pause_text)
        self.stop.setEnabled(can.stop)
        self.minutes.setEnabled(can.minutes)
        self._render_bar(session)
        self.message.setText(message_text(session))
        self.message.setStyleSheet(self._alarm if session.phase is Phase.FAILED else "")
        self.figures.setText(
            "\n".join(
                filter(
                    None, (progress_text(session), prediction_text(session), scores_text(session))
                )
            )
        )

    def set_colors(self, error: str) -> None:
        """Wear the colours of the window's theme."""
        self._alarm = alarm_style(error)
        self.display(self._model.session)

    def _render_bar(self, session: Session) -> None:
        """Show the share that is done; a bar without an end while the worker starts."""
        starting = session.phase in (Phase.TRAINING, Phase.PREDICTING) and not session.device
        self.bar.setRange(0, 0 if starting else _PERMILLE)
        if not starting:
            self.bar.setValue(round(_PERMILLE * session.progress.fraction))

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addLayout(self._build_buttons())
        self.bar = QProgressBar()
        self.bar.setTextVisible(True)
        self.message = QLabel()
        self.figures = QLabel()
        for label in (self.message, self.figures):
            label.setWordWrap(True)
        for widget in (self.bar, self.message, self.figures):
            layout.addWidget(widget)

    def _build_buttons(self) -> QHBoxLayout:
        self.train = QPushButton("Train")
        self.train.setToolTip("Learn from the labels, going on from the last training")
        self.train.clicked.connect(self._on_train)
        self.pause = QPushButton("Pause")
        self.pause.clicked.connect(self._on_pause)
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("End the training, keeping what was learnt")
        self.stop.clicked.connect(self._on_stop)
        self.minutes = _minutes_box()
        row = QHBoxLayout()
        row.setSpacing(2)
        for widget in (self.train, self.minutes, self.pause, self.stop):
            row.addWidget(widget)
        return row

    def _on_train(self) -> None:
        self._model.train(self.minutes.value())

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
    box.setToolTip("How long to train")
    return box
