"""Holding on to a running worker: the conversation, and how it ends.

Commands go down the worker's standard input and events come up its standard output, one JSON
object a line.  Two threads serve the pipes, so that nobody who talks to a worker ever waits
for it.  Knows nothing of what a worker computes.
"""

from __future__ import annotations

import logging
import queue
import subprocess
import threading
from collections.abc import Callable

from pydantic import ValidationError

from napari_hyperseg.jobs.child import how_it_ended, kill_child, last_words, terminate_child
from napari_hyperseg.jobs.commands import (
    Command,
    LookAt,
    PauseJob,
    ResumeJob,
    StopJob,
    UseChangedLabels,
)
from napari_hyperseg.jobs.conversion_spec import ConversionSpec
from napari_hyperseg.jobs.events import Event, JobFailed, JobFinished, parse_event
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.tracking_spec import TrackingSpec

logger = logging.getLogger(__name__)

LOG_NAME = "worker.log"
TITLES = {
    "train": "training",
    "predict": "prediction",
    "convert": "conversion",
    "track": "tracking",
}
Spec = JobSpec | ConversionSpec | TrackingSpec

_TERMINATE_TO_KILL_S = 3.0
_REMEDIES = {
    "train": "Train again to continue from the last saved weights.",
    "predict": "Predict again to start over.",
    "convert": "Convert again to go on where it ended.",
    "track": "Track again.",
}


class JobHandle:
    """A running worker: commands go in here, and its end is seen to.

    Every method but `wait` returns at once.  Commands to a worker that is gone are dropped:
    its last event has told of its end.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        spec: Spec,
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

    def labels_changed(self, survey: str, revision: int | None = None) -> None:
        """Have the labels of a survey read again, which are at this revision."""
        self._send(UseChangedLabels(survey=survey, revision=revision))

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


def _unexpected_end(spec: Spec, status: int) -> JobFailed:
    """Say in one line that the worker died, how, and what it said last."""
    log = spec.log_folder / LOG_NAME
    words = last_words(log) if status > 0 else ""
    said = f" Its last words: {words}." if words else ""
    return JobFailed(
        message=f"The {TITLES[spec.kind]} process ended unexpectedly ({how_it_ended(status)})."
        f"{said} {_REMEDIES[spec.kind]}",
        log=str(log),
    )
