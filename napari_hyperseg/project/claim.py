"""Who may change a project: one window or command at a time.

A lock of the operating system, which goes when the process ends however it ends; beside it a
file says who has it, for the message that others get.  Reading needs no claim.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from napari_hyperseg.errors import ProjectError

LOCK, OWNER = ".in-use.lock", ".in-use.json"


class ClaimedError(ProjectError):
    """Another window or command may change the project.

    Parameters
    ----------
    folder : Path
        The project's.
    reason : str
        Who has it, as in "open in a window since 14:02 (process 4711)".
    """

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder.name} is {reason}. Close that one first.")
        self.reason = reason


class Claim:
    """The right to change a project, until it is released or the process ends.

    Parameters
    ----------
    folder : Path
        The project's.
    what : str
        Who asks, for the message to others: "a window", "hyperseg label".

    Raises
    ------
    ClaimedError
        If another one has it, or the folder cannot be written.
    """

    def __init__(self, folder: Path, what: str) -> None:
        self.folder = folder
        self._lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise ClaimedError(folder, _owner(folder)) from error
        except OSError as error:
            raise ClaimedError(folder, f"not to be written ({error.strerror})") from error
        _say(folder, what)

    def release(self) -> None:
        """Let others change the project."""
        if self._lock.is_locked:
            (self.folder / OWNER).unlink(missing_ok=True)
            self._lock.release()


@contextmanager
def claimed(folder: Path, what: str) -> Iterator[None]:
    """Hold the right to change a project for the length of a block.

    Raises
    ------
    ClaimedError
        If another one has it.
    """
    claim = Claim(folder, what)
    try:
        yield
    finally:
        claim.release()


def _say(folder: Path, what: str) -> None:
    owner = {
        "what": what,
        "process": os.getpid(),
        "host": socket.gethostname(),
        "since": time.time(),
    }
    try:
        (folder / OWNER).write_text(json.dumps(owner), encoding="utf-8")
    except OSError:
        return  # the lock holds all the same


def _owner(folder: Path) -> str:
    """Say who has a project, as well as is known."""
    try:
        owner = json.loads((folder / OWNER).read_text("utf-8"))
        since = time.strftime("%H:%M", time.localtime(float(owner["since"])))
        who, process, host = str(owner["what"])[:80], int(owner["process"]), str(owner["host"])[:80]
    except (OSError, ValueError, KeyError, TypeError):
        return "being changed by another window or command"
    place = "" if host == socket.gethostname() else f" on {host}"
    return f"open in {who} since {since} (process {process}{place})"
