"""What can be pressed in a session, and what the buttons say: pure functions.

Owns every button's state in the training panel; the panel only copies it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from napari_hyperseg.project.request_transitions import NO_MODEL
from napari_hyperseg.project.session import Phase, Session

TRAIN_TIP = "Learn from the labels, going on from the last training"
PREDICT_TIP = "Predict the whole survey with the trained model, without learning more"
STOP_TIPS = {
    "train": "End the training, keeping what was learnt",
    "predict": "End the prediction, keeping what is predicted",
}
PAUSE_TIPS = {"Pause": "Let the computer rest; nothing is lost", "Resume": "Go on after the pause"}
MINUTES_TIP = "How long to train"
RUNNING = "A job is running: stop it first."
NO_SURVEY_OPEN = "Open a survey first."


@dataclass(frozen=True)
class Controls:
    """Which buttons of the training panel can be pressed, and what is said of each.

    Parameters
    ----------
    train, predict, pause, stop, minutes : bool
        Whether they can be used.
    pause_text : {"Pause", "Resume"}
        What the two-faced button says.
    train_tip, predict_tip, stop_tip : str
        What they do, or why they cannot be pressed.
    """

    train: bool = False
    predict: bool = False
    pause: bool = False
    stop: bool = False
    minutes: bool = False
    pause_text: str = "Pause"
    train_tip: str = TRAIN_TIP
    predict_tip: str = PREDICT_TIP
    stop_tip: str = STOP_TIPS["train"]

    @property
    def pause_tip(self) -> str:
        """What the two-faced button does."""
        return PAUSE_TIPS[self.pause_text]


_IDLE = Controls(train=True, predict=True, minutes=True)
_WORKING = Controls(pause=True, stop=True)
_CONTROLS = {
    Phase.EMPTY: Controls(),
    Phase.READY: _IDLE,
    Phase.TRAINING: _WORKING,
    Phase.PREDICTING: _WORKING,
    Phase.PAUSED: replace(_WORKING, pause_text="Resume"),
    Phase.STOPPING: Controls(),
    Phase.FAILED: _IDLE,
}


def controls(session: Session) -> Controls:
    """Return what can be pressed now."""
    can = replace(_CONTROLS[session.phase], stop_tip=STOP_TIPS[session.kind or "train"])
    why_not = _why_nothing_starts(session)
    if why_not:
        return replace(
            can, train=False, predict=False, minutes=False, train_tip=why_not, predict_tip=why_not
        )
    if session.saved_model is None:
        return replace(can, predict=False, predict_tip=NO_MODEL)
    return can


def _why_nothing_starts(session: Session) -> str:
    if session.phase is Phase.EMPTY:
        return NO_SURVEY_OPEN
    if session.phase.running:
        return RUNNING
    return read_only_text(session)


def read_only_text(session: Session) -> str:
    """Return the line that says why nothing can be changed; empty if it can."""
    return f"Read-only: {session.read_only}." if session.read_only else ""
