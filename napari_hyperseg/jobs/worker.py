"""The worker process: ``python -m napari_hyperseg.jobs.worker``.

First line of standard input: a JobSpec.  Further lines: commands.  Standard output: one
event a line.  Standard error: the log.  When standard input ends, the parent is gone: the
job is stopped and its weights are saved, as on a request to terminate.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator
from io import RawIOBase
from pathlib import Path

import torch
from pydantic import ValidationError

from napari_hyperseg.errors import HypersegError, JobError
from napari_hyperseg.jobs.control import Control, StreamControl
from napari_hyperseg.jobs.events import Event, JobFailed, StepFinished, ValidationFinished
from napari_hyperseg.jobs.predicting import run_prediction
from napari_hyperseg.jobs.spec import Command, JobSpec, parse_command
from napari_hyperseg.jobs.training import run_training
from napari_hyperseg.learn.device import prepare_process

logger = logging.getLogger(__name__)

METRICS = "metrics.jsonl"
BEHIND_THE_WINDOW = 5  # niceness: the window comes first where cores are few


def run_job(spec: JobSpec, emit: Callable[[Event], None], control: Control) -> None:
    """Run a job in this process.

    Parameters
    ----------
    spec : JobSpec
    emit : callable
        Takes each Event, in the order they happen; the last one is JobFinished.
    control : Control
        Asked for commands between two pieces of work.

    Raises
    ------
    HypersegError
        If the job cannot be done; its message is for the user.
    """
    prepare_process(spec.threads)
    try:
        if spec.kind == "predict":
            run_prediction(spec, emit, control)
        else:
            run_training(spec, _recorded(emit, spec.model / METRICS), control)
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise JobError(
            "The memory does not suffice for this job. Close other programs, or choose "
            "device 'cpu' if a GPU ran out."
        ) from error


def _recorded(emit: Callable[[Event], None], path: Path) -> Callable[[Event], None]:
    """Also append the figures of training to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def record_and_emit(event: Event) -> None:
        if isinstance(event, StepFinished | ValidationFinished):
            with path.open("a", encoding="utf-8") as file:
                file.write(event.model_dump_json() + "\n")
        emit(event)

    return record_and_emit


def main() -> int:
    """Serve one job over the standard streams; the exit status is 0 unless it failed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    if hasattr(os, "nice"):
        os.nice(BEHIND_THE_WINDOW)
    events = _claim_stdout()
    emit = _line_writer(events)
    # Unbuffered: a thread that waits in a buffered read holds a lock that Python's end needs.
    stdin = os.fdopen(0, "rb", buffering=0, closefd=False)
    try:
        spec = JobSpec.model_validate_json(stdin.readline())
        control = StreamControl(_commands(stdin))
        signal.signal(signal.SIGTERM, lambda number, frame: control.stop())
        run_job(spec, emit, control)
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


if __name__ == "__main__":
    raise SystemExit(main())
