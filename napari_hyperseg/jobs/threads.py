"""How the threads of a computing process wait for each other.

By default OpenMP's threads spin; where something else uses a core (the window, say), a
spinning thread keeps out the very one it waits for, and each step takes several times as
long.  Threads that sleep cost nothing measurable on a quiet machine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

_WAIT_POLICY = {"OMP_WAIT_POLICY": "passive"}


def with_sleeping_threads(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a process that will load torch; the user's word counts."""
    return {**_WAIT_POLICY, **environment}


def let_threads_sleep() -> None:
    """Do the same for this process; only of use before torch is loaded."""
    for name, value in _WAIT_POLICY.items():
        os.environ.setdefault(name, value)
