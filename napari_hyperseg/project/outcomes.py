"""What a transition gives: the session after an event, and what is to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from napari_hyperseg.project.session import Session
from napari_hyperseg.project.window_events import Effect

Outcome = tuple[Session, tuple[Effect, ...]]
Transition = Callable[[Session, Any], Outcome]


def go_on(session: Session, *effects: Effect, **changes: Any) -> Outcome:
    """Return the session with changes, and effects."""
    return replace(session, **changes), effects
