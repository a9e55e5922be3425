"""Telling how far a piece of work is, of which several parts follow each other."""

from __future__ import annotations

from collections.abc import Callable

Share = Callable[[float], None]
"""Is told the share that is done, 0 to 1."""


def unheard(share: float) -> None:
    """Tell nobody."""


def part(told: Share, start: float, stop: float) -> Share:
    """What a part of the work tells, which lies between two shares of the whole."""
    return lambda share: told(start + (stop - start) * share)
