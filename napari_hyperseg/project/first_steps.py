"""The three steps with which everybody begins, and which of them are done."""

from __future__ import annotations

from napari_hyperseg.project.session import Phase, Session

STEPS = (
    "Open a SEG-Y file",
    "Paint two classes, or pick horizons, on a few lines",
    "Press Train and watch",
)


def steps_done(session: Session) -> tuple[bool, bool, bool]:
    """Return which of `STEPS` are done."""
    return (
        session.phase is not Phase.EMPTY,
        session.labelled is not None and session.enough_labels,
        session.model is not None,
    )
