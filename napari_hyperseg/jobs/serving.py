"""What a worker process does whatever its job: it reads, obeys, reports and ends in order.

First line of standard input: the specification.  Further lines: commands.  Standard output:
one event a line.  Standard error: the log.  When standard input ends, the parent is gone: the
job is stopped and keeps what it has, as on a request to terminate.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator
from io import RawIOBase
from typing import TypeVar

from pydantic import ValidationError

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.commands import Command, parse_command
from napari_hyperseg.jobs.control import Control, StreamControl
from napari_hyperseg.jobs.events import Event, JobFailed

logger = logging.getLogger(__name__)

BEHIND_THE_WINDOW = 15  # niceness: the window comes first where cores are few
Spec = TypeVar("Spec")
Emit = Callable[[Event], None]


def serve(parse: Callable[[bytes], Spec], run: Callable[[Spec, Emit, Control], None]) -> int:
    """Serve one job over the standard streams.

    Parameters
    ----------
    parse : callable
        Reads the specification from its JSON line.
    run : callable
        Does the job.

    Returns
    -------
    int
        The exit status: 0 unless the job failed.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    if hasattr(os, "nice"):
        os.nice(BEHIND_THE_WINDOW)
    events = _claim_stdout()
    emit = _line_writer(events)
    # Unbuffered: a thread that waits in a buffered read holds a lock that Python's end needs.
    stdin = os.fdopen(0, "rb", buffering=0, closefd=False)
    try:
        spec = parse(stdin.readline())
        control = StreamControl(_commands(stdin))
        signal.signal(signal.SIGTERM, lambda number, frame: control.stop())
        run(spec, emit, control)
    except HypersegError as error:
        logger.error("%s", error)
        emit(JobFailed(message=str(error)))
        return 2
    except ValidationError as error:
        logger.exception("The specification cannot be used.")
        emit(JobFailed(message=f"The job cannot be done as specified: {_first(error)}."))
        return 2
    except Exception as error:
        logger.exception("The job failed.")
        text = " ".join(str(error).split())
        emit(JobFailed(message=f"The job failed: {type(error).__name__}: {text}"[:500]))
        return 1
    return 0


def _first(error: ValidationError) -> str:
    """Name the first field that is wrong, and say why."""
    wrong = error.errors()[0]
    field = ".".join(str(part) for part in wrong["loc"])
    return f"{field}: {wrong['msg']}" if field else wrong["msg"]


def _claim_stdout() -> RawIOBase:
    """Keep standard output for events: whatever else prints goes to the log."""
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return events


def _line_writer(stream: RawIOBase) -> Callable[[Event], None]:
    def write(event: Event) -> None:
        try:
            stream.write(event.model_dump_json().encode() + b"\n")
        except OSError:
            logger.info("Nobody reads the events any more.")

    return write


def _commands(stdin: RawIOBase) -> Iterator[Command]:
    for line in stdin:
        try:
            yield parse_command(line)
        except ValidationError:
            logger.warning("Not a command: %r", line[:200])
