"""Trying a model that somebody else made, in a process of its own: a crash ends that alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from napari_hyperseg.errors import ModelError
from napari_hyperseg.jobs.threads import with_sleeping_threads

_COMMAND = (sys.executable, "-P", "-m", "napari_hyperseg.jobs.model_checker")
_LONGEST_S = 300


def check_model(folder: Path) -> None:
    """Load a model, and predict a few voxels with it.

    Raises
    ------
    ModelError
        If that fails.
    """
    try:
        done = subprocess.run(
            [*_COMMAND, str(folder)],
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_S,
            env=with_sleeping_threads(os.environ),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelError(f"{folder}: the model could not be tried ({error}).") from error
    if done.returncode:
        lines = done.stdout.strip().splitlines()
        raise ModelError(lines[-1] if lines else f"{folder}: the model makes the program crash.")
