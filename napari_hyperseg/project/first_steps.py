"""The three steps with which everybody begins, and which of them are done."""

from __future__ import annotations

from napari_hyperseg.project.session import Phase, Session

STEPS = (
    "Open a SEG-Y file",
    "Paint classes, or pick horizons",
    "Press Train and watch",
)


def steps_done(session: Session) -> tuple[bool, bool, bool]:
    """Return which of `STEPS` are done."""
    return (
        session.phase is not Phase.EMPTY,
        bool(session.enough_labels),
        session.model is not None,
    )
