"""Running a job in a worker process of its own.

Owns the start of the process and the promise that none is left when this one exits; the
running worker is a `JobHandle`.  Its standard error is the log in the
folder that the job fills.
"""

from __future__ import annotations

import atexit
import sys
import time
import weakref
from collections.abc import Callable, Sequence

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.child import start_child
from napari_hyperseg.jobs.conversion_spec import ConversionSpec
from napari_hyperseg.jobs.events import Event
from napari_hyperseg.jobs.handle import LOG_NAME, TITLES, JobHandle, Spec
from napari_hyperseg.jobs.tracking_spec import TrackingSpec

__all__ = ["LOG_NAME", "WORKER_COMMAND", "JobHandle", "ProcessLauncher"]

# -P: a stray random.py in the user's folder is not imported.
_PYTHON = (sys.executable, "-P", "-m")
WORKER_COMMAND = (*_PYTHON, "napari_hyperseg.jobs.worker")
CONVERTER_COMMAND = (*_PYTHON, "napari_hyperseg.jobs.converter")
TRACKER_COMMAND = (*_PYTHON, "napari_hyperseg.jobs.tracker")

_AT_EXIT_S = 5.0
_handles: weakref.WeakSet[JobHandle] = weakref.WeakSet()


class ProcessLauncher:
    """Starts jobs as child processes of this one.

    Parameters
    ----------
    command : sequence of str, optional
        Program and arguments that speak the worker's protocol; by default the one for the job.
    stop_grace_s : float
        Seconds a worker has to end by itself after `JobHandle.stop` or `JobHandle.close`
        before it is terminated.
    """

    def __init__(self, command: Sequence[str] | None = None, *, stop_grace_s: float = 20.0) -> None:
        self._command = command
        self._stop_grace_s = stop_grace_s

    def launch(self, spec: Spec, emit: Callable[[Event], None]) -> JobHandle:
        """Start a worker on `spec`; its events reach `emit` from a thread of the handle.

        The last event is always ``JobFinished`` or ``JobFailed``, however the worker ends.

        Raises
        ------
        JobError
            If the process cannot be started or its log cannot be written.
        """
        try:
            process = start_child(self._command or _command(spec), spec.log_folder / LOG_NAME)
        except OSError as error:
            raise JobError(
                f"The {TITLES[spec.kind]} process could not be started: {error}."
            ) from error
        handle = JobHandle(process, spec, emit, self._stop_grace_s)
        _handles.add(handle)
        return handle


def _command(spec: Spec) -> Sequence[str]:
    if isinstance(spec, ConversionSpec):
        return CONVERTER_COMMAND
    return TRACKER_COMMAND if isinstance(spec, TrackingSpec) else WORKER_COMMAND


@atexit.register
def _end_all() -> None:
    """Leave no worker behind: each may save, then is killed."""
    running = [handle for handle in _handles if handle.alive]
    for handle in running:
        handle.close()
    deadline = time.monotonic() + _AT_EXIT_S
    for handle in running:
        if not handle.wait(max(0.0, deadline - time.monotonic())):
            handle.kill()
