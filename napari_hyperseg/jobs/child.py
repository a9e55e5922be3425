"""A child process with pipes and a log: starting it, ending it, saying how it died.

Owns what differs between operating systems.  Knows no events and no commands.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from napari_hyperseg.jobs.threads import with_sleeping_threads

logger = logging.getLogger(__name__)

_LOG_TAIL_BYTES = 8192
_LONGEST_WORDS = 200


def start_child(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start `command` with pipes for input and output, appending its errors to `log`.

    The child is apart from the terminal: Ctrl-C reaches the window alone, which then decides.

    Raises
    ------
    OSError
        If the program cannot be run or the log cannot be written.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stderr:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=with_sleeping_threads(os.environ),
            start_new_session=os.name == "posix",
            creationflags=_windows_flags(),
        )


def terminate_child(process: subprocess.Popen[bytes]) -> None:
    """Ask the child, and whatever it started, to end; it can still save."""
    if os.name == "posix":
        _signal_group(process, signal.SIGTERM)
    elif process.poll() is None:
        process.terminate()


def kill_child(process: subprocess.Popen[bytes]) -> None:
    """End the child, and whatever it started, at once."""
    if os.name == "posix":
        _signal_group(process, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()


def how_it_ended(status: int) -> str:
    """Name an exit status in words: a negative one is the signal that killed the child."""
    return f"signal {-status}" if status < 0 else f"exit status {status}"


def last_words(log: Path) -> str:
    """Return the last line written to `log`, shortened; empty if there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _LOG_TAIL_BYTES))
            lines = file.read().decode("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    filled = [line.strip() for line in lines if line.strip()]
    return filled[-1][:_LONGEST_WORDS].rstrip(".") if filled else ""


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is not None:
        return
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        logger.debug("Process %d is gone already.", process.pid)


def _windows_flags() -> int:
    """No console window and a process group of its own on Windows; 0 elsewhere."""
    flags = ("CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP")
    return sum(getattr(subprocess, flag) for flag in flags) if os.name == "nt" else 0
