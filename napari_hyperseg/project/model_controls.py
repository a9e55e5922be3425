"""What the window of the models says, and what can be pressed in it: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from napari_hyperseg.project.controls import RUNNING, read_only_text
from napari_hyperseg.project.model_list import ModelFacts
from napari_hyperseg.project.session import Session

COLUMNS = ("Name", "Classes", "Steps", "Accuracy", "Mean IoU", "Saved")
NOTHING = "There is no model yet: press Train, or import one."
HINT = (
    "Double click or F2: give a model a name. Accuracy and mean IoU are those on held-out labels."
)
CHOOSE = "Choose a model in the list."
KEYS = {
    "show": "Alt+S", "compare": "Alt+C", "go_on": "Alt+G", "begin": "Alt+N",
    "export": "Alt+E", "import": "Alt+I", "delete": "Alt+D",
}  # fmt: skip


@dataclass(frozen=True)
class Button:
    """What a button says.

    Parameters
    ----------
    text : str
        With ``&`` before the letter of its key.
    tip : str
        What it does, or why it cannot be pressed.
    enabled : bool
    """

    text: str
    tip: str
    enabled: bool


def newest_first(models: Sequence[ModelFacts]) -> tuple[ModelFacts, ...]:
    """Return the models as they are listed."""
    return tuple(reversed(models))


def cells(one: ModelFacts) -> tuple[str, ...]:
    """Return what the list says of a model, column by column; see `COLUMNS`."""
    return (
        one.title,
        str(one.n_classes),
        str(one.steps),
        "-" if one.accuracy is None else f"{one.accuracy:.1%}",
        "-" if one.mean_iou is None else f"{one.mean_iou:.2f}",
        f"{one.saved:%Y-%m-%d %H:%M}",
    )


def row_tip(one: ModelFacts, shown: str | None) -> str:
    """Return everything that is known of a model, a line each."""
    marks = (
        ("in training now", one.in_training),
        ("the newest: used where no other is named", one.newest),
        ("its prediction is shown", one.model == shown),
    )
    lines = [f"Model {one.model}", *(words for words, true in marks if true)]
    if one.origin:
        lines.append(f"began with {one.origin}")
    lines.append(f"predicted {', '.join(one.surveys)}" if one.surveys else "predicted nothing yet")
    return "\n".join(lines)


def buttons(
    session: Session, one: ModelFacts | None, shown: str | None, compared: str | None
) -> dict[str, Button]:
    """Return the buttons below the list.

    Parameters
    ----------
    session : Session
    one : ModelFacts or None
        The model that is chosen.
    shown : str or None
        The model whose prediction is on screen.
    compared : str or None
        The model that it is compared with.
    """
    return {
        "show": _show(session, one, shown),
        "compare": _compare(session, one, shown, compared),
        "go_on": _go_on(session, one),
        "begin": _begin(session, one),
        "export": _made(
            "&Export...", "Write weights, settings, name and classes into one file", _chosen(one)
        ),
        "import": _made(
            "&Import...", "Take a model from such a file, once it is checked", _fixed(session)
        ),
        "delete": _made(
            "&Delete...",
            "Remove the model and its predictions, for good",
            _chosen(one) or _fixed(session) or _in_training(session, one),
        ),
    }


def _show(session: Session, one: ModelFacts | None, shown: str | None) -> Button:
    if one is not None and session.survey not in one.surveys:
        tip = f"Predict {session.survey} with this model, then show it"
        return _made("&Show (predict)", tip, _starts_nothing(session))
    why_not = _chosen(one) or (
        "Its prediction is shown already." if one is not None and one.model == shown else ""
    )
    return _made("&Show", "Show this model's prediction over the seismic", why_not)


def _compare(
    session: Session, one: ModelFacts | None, shown: str | None, compared: str | None
) -> Button:
    if compared is not None:
        return _made("End &comparing", "Hide where the two differ", "")
    why_not = _chosen(one)
    if one is not None and session.survey not in one.surveys:
        why_not = "It has not predicted this survey yet: press Show first."
    elif shown is None:
        why_not = why_not or "No prediction is shown: press Show on another model first."
    elif one is not None and one.model == shown:
        why_not = "Its prediction is shown: choose another model to compare it with."
    return _made("&Compare", "Mark where it differs from the prediction that is shown", why_not)


def _go_on(session: Session, one: ModelFacts | None) -> Button:
    why_not = _chosen(one) or _starts_nothing(session)
    if one is not None and one.n_classes != session.n_classes:
        why_not = why_not or (
            f"It has {one.n_classes} classes, the legend {session.n_classes}: start a new one "
            "from it."
        )
    return _made("Continue trainin&g", "Train this model on, for the minutes in the dock", why_not)


def _begin(session: Session, one: ModelFacts | None) -> Button:
    tip = "Train a new model that begins with these weights; this one stays as it is"
    return _made("Start &new from this", tip, _chosen(one) or _starts_nothing(session))


def _made(text: str, tip: str, why_not: str) -> Button:
    return Button(text, why_not or tip, not why_not)


def _chosen(one: ModelFacts | None) -> str:
    return CHOOSE if one is None else ""


def _fixed(session: Session) -> str:
    return read_only_text(session)


def _starts_nothing(session: Session) -> str:
    return RUNNING if session.phase.running else _fixed(session)


def _in_training(session: Session, one: ModelFacts | None) -> str:
    if one is None:
        return ""
    trains = session.phase.running and one.model in (session.model, session.saved_model)
    return "It is in use: stop the job first." if trains or one.in_training else ""


def comparison_text(shown: str, other: str, section: str, share: float | None) -> str:
    """Return what a comparison says of the section on screen.

    Parameters
    ----------
    shown, other : str
        Titles of the models.
    section : str
        As interpreters name it.
    share : float or None
        Share of the samples that both predicted whose classes differ; None: there are none.
    """
    pair = f"{shown} (on screen) and {other}"
    if share is None:
        return f"{pair}: {section or 'here'} is not predicted by both yet."
    return f"{pair} differ on {share:.1%} of the samples of {section or 'this section'}."
