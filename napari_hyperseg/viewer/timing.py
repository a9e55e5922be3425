"""How calls that come in bursts are spread over time.

The viewer layer knows no Qt; who owns the event loop passes its timers in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Call = Callable[[], Any]
Wrap = Callable[[Call], Call]


def at_once(call: Call) -> Call:
    """Spread nothing."""
    return call


@dataclass(frozen=True)
class Timing:
    """Wrappers around calls; by default they change nothing.

    Parameters
    ----------
    soon : callable
        The call runs once, when the current burst of events is over.
    debounce : callable
        The call runs once, a moment after the last of several.
    rest : callable
        The call runs once, seconds after the last of several.
    throttle : callable
        The call runs at most about ten times a second, the last one included.
    """

    soon: Wrap = at_once
    debounce: Wrap = at_once
    rest: Wrap = at_once
    throttle: Wrap = at_once
