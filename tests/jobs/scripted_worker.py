"""A worker without a network: speaks the protocol in one of several characters.

Run as ``python scripted_worker.py CHARACTER``; the job comes on standard input.
"""

import signal
import sys
import time

from napari_hyperseg.jobs.commands import StopJob, parse_command
from napari_hyperseg.jobs.events import (
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    LabelsRead,
    StepFinished,
)
from napari_hyperseg.jobs.spec import JobSpec


def emit(event):
    sys.stdout.write(event.model_dump_json() + "\n")
    sys.stdout.flush()


def step(number):
    return StepFinished(
        step=number, loss=1.0, accuracy=0.5, voxels_per_second=1e6, elapsed_s=float(number)
    )


def short():
    emit(step(1))
    emit(JobFinished(reason="done", steps=1))


def chatty():
    sys.stdout.write("a library greets the world\n\n")
    short()


def failing():
    emit(JobFailed(message="No labels."))


def crashing():
    raise ZeroDivisionError("the well is dry.")


def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def obedient():
    for line in sys.stdin:
        command = parse_command(line)
        if isinstance(command, StopJob):
            break
        emit(ANSWERS[command.command](command))
    emit(JobFinished(reason="stopped"))


ANSWERS = {
    "pause": lambda command: JobPaused(),
    "resume": lambda command: JobResumed(),
    "labels_changed": lambda command: LabelsRead(survey=command.survey, labelled_voxels=7),
    "look_at": lambda command: step(command.view.index),
}

if __name__ == "__main__":
    JobSpec.model_validate_json(sys.stdin.readline())
    emit(JobStarted(kind="train", device="cpu", parameters=1))
    globals()[sys.argv[1]]()
