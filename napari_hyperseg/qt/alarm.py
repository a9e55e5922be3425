"""How lines that tell of an error look."""

from __future__ import annotations


def alarm_style(error: str) -> str:
    """Return a style sheet; a theme's dark red, ``#rrggbb``, is readable under white only."""
    return f"color: white; background: {error}; padding: 3px; border-radius: 3px;"
