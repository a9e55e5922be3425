"""A display for windows where there is none: Xvfb, on Linux.

Owns the question whether there is a display, and the way to run this program again under
``xvfb-run``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

from napari_hyperseg.errors import HypersegError

_SCREEN = "-screen 0 1600x1000x24"
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def has_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Return whether a window can be shown; only Linux can lack a display."""
    return not platform.startswith("linux") or any(map(environment.get, _DISPLAYS))


def run_under_xvfb(arguments: Sequence[str]) -> int:
    """Run ``hyperseg`` with `arguments` on a screen that nobody sees; return its exit status.

    Raises
    ------
    HypersegError
        If ``xvfb-run`` is not installed.
    """
    xvfb_run = shutil.which("xvfb-run")
    if xvfb_run is None:
        raise HypersegError(
            "There is no display, and no xvfb-run to make one: install Xvfb (Debian and Ubuntu: "
            "apt-get install xvfb xauth), or set DISPLAY."
        )
    hyperseg = [sys.executable, "-P", "-m", "napari_hyperseg", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in _DISPLAYS}
    environment["QT_QPA_PLATFORM"] = "xcb"
    command = [xvfb_run, "-a", "-s", _SCREEN, *hyperseg]
    return subprocess.run(command, env=environment, check=False).returncode
