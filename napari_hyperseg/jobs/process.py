"""Running a job in a worker process of its own, and holding on to it.

Owns the conversation: commands go down the worker's standard input and events come up its
standard output, one JSON object a line; standard error is the log in the model's folder.
Knows nothing of what a worker computes.
"""

from __future__ import annotations

import atexit
import logging
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence

from pydantic import ValidationError

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.child import (
    how_it_ended,
    kill_child,
    last_words,
    start_child,
    terminate_child,
)
from napari_hyperseg.jobs.events import Event, JobFailed, JobFinished, parse_event
from napari_hyperseg.jobs.spec import (
    Command,
    JobSpec,
    LookAt,
    PauseJob,
    ResumeJob,
    StopJob,
    UseChangedLabels,
    View,
)

logger = logging.getLogger(__name__)

# -P: a stray random.py in the user's folder is not imported.
WORKER_COMMAND = (sys.executable, "-P", "-m", "napari_hyperseg.jobs.worker")
LOG_NAME = "worker.log"

_TERMINATE_TO_KILL_S = 3.0
_AT_EXIT_S = 5.0
_TITLES = {"train": "training", "predict": "prediction"}
_REMEDIES = {
    "train": "Train again to continue from the last saved weights.",
    "predict": "Predict again to start over.",
}
_handles: weakref.WeakSet[JobHandle] = weakref.WeakSet()


class ProcessLauncher:
    """Starts jobs as child processes of this one.

    Parameters
    ----------
    command : sequence of str
        Program and arguments that speak the worker's protocol.
    stop_grace_s : float
        Seconds a worker has to end by itself after `JobHandle.stop` or `JobHandle.close`
        before it is terminated.
    """

    def __init__(
        self, command: Sequence[str] = WORKER_COMMAND, *, stop_grace_s: float = 20.0
    ) -> None:
        self._command = tuple(command)
        self._stop_grace_s = stop_grace_s

    def launch(self, spec: JobSpec, emit: Callable[[Event], None]) -> JobHandle:
        """Start a worker on `spec`; its events reach `emit` from a thread of the handle.

        The last event is always ``JobFinished`` or ``JobFailed``, however the worker ends.

        Raises
        ------
        JobError
            If the process cannot be started or its log cannot be written.
        """
        try:
            process = start_child(self._command, spec.model / LOG_NAME)
        except OSError as error:
            raise JobError(
                f"The {_TITLES[spec.kind]} process could not be started: {error}."
            ) from error
        handle = JobHandle(process, spec, emit, self._stop_grace_s)
        _handles.add(handle)
        return handle


class JobHandle:
    """A running worker: commands go in here, and its end is seen to.

    Every method but `wait` returns at once.  Commands to a worker that is gone are dropped:
    its last event has told of its end.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        spec: JobSpec,
        emit: Callable[[Event], None],
        stop_grace_s: float,
    ) -> None:
        self._process = process
        self._spec = spec
        self._emit = emit
        self._stop_grace_s = stop_grace_s
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._ending = threading.Lock()
        self._ended = threading.Event()
        self._lines.put(spec.model_dump_json().encode() + b"\n")
        for serve in (self._write_commands, self._read_events):
            threading.Thread(target=serve, daemon=True).start()

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the worker may still report something."""
        return not self._ended.is_set()

    def stop(self) -> None:
        """Ask for an orderly end; a worker that does not listen is terminated, then killed."""
        self._send(StopJob())
        self._end_within(self._stop_grace_s)

    def pause(self) -> None:
        """Compute nothing until resumed."""
        self._send(PauseJob())

    def resume(self) -> None:
        """Go on after a pause."""
        self._send(ResumeJob())

    def labels_changed(self, survey: str) -> None:
        """Have the labels of a survey read again."""
        self._send(UseChangedLabels(survey=survey))

    def look_at(self, view: View) -> None:
        """Have this section predicted first."""
        self._send(LookAt(view=view))

    def close(self) -> None:
        """Let go of the worker: it saves and ends by itself, or is made to."""
        self._lines.put(None)
        self._end_within(self._stop_grace_s)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the worker has ended and its last event was emitted.

        Returns
        -------
        bool
            False if `timeout` seconds passed first.
        """
        return self._ended.wait(timeout)

    def kill(self) -> None:
        """End the worker at once; what it has not saved is lost."""
        kill_child(self._process)

    def _send(self, command: Command) -> None:
        self._lines.put(command.model_dump_json().encode() + b"\n")

    def _end_within(self, grace_s: float) -> None:
        """See to the end, in a thread of its own; once is enough."""
        if self._ending.acquire(blocking=False):
            threading.Thread(target=self._escalate, args=(grace_s,), daemon=True).start()

    def _escalate(self, grace_s: float) -> None:
        if self.wait(grace_s):
            return
        logger.warning("Worker %d did not stop in %g s and is terminated.", self.pid, grace_s)
        terminate_child(self._process)
        if not self.wait(_TERMINATE_TO_KILL_S):
            self.kill()

    def _write_commands(self) -> None:
        """Feed the worker from the queue: a full pipe then holds up nobody else."""
        stdin = self._process.stdin
        assert stdin is not None
        try:
            with stdin:
                while (line := self._lines.get()) is not None:
                    stdin.write(line)
                    stdin.flush()
        except OSError:
            logger.debug("Worker %d no longer reads commands.", self.pid)

    def _read_events(self) -> None:
        """Pass events on until the worker's output ends, then tell how it ended."""
        stdout = self._process.stdout
        assert stdout is not None
        told = False
        with stdout:
            for line in stdout:
                told |= self._pass_on(line)
        status = self._process.wait()
        self._lines.put(None)
        if not told:
            self._report(_unexpected_end(self._spec, status))
        self._ended.set()

    def _pass_on(self, line: bytes) -> bool:
        """Emit the event of one output line; True if it tells of the job's end."""
        try:
            event = parse_event(line)
        except ValidationError:
            logger.warning("The worker wrote something that is no event: %r", line[:200])
            return False
        self._report(event)
        return isinstance(event, JobFinished | JobFailed)

    def _report(self, event: Event) -> None:
        try:
            self._emit(event)
        except Exception:  # the reading must go on, whatever a listener does
            logger.exception("A listener failed on %s.", type(event).__name__)


def _unexpected_end(spec: JobSpec, status: int) -> JobFailed:
    """Say in one line that the worker died, how, and what it said last."""
    log = spec.model / LOG_NAME
    words = last_words(log) if status > 0 else ""
    said = f" Its last words: {words}." if words else ""
    return JobFailed(
        message=f"The {_TITLES[spec.kind]} process ended unexpectedly ({how_it_ended(status)})."
        f"{said} {_REMEDIES[spec.kind]}",
        log=str(log),
    )


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
