"""The worker process: ``python -m napari_hyperseg.jobs.worker`` trains and predicts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster import check_installed
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.events import METRICS, Event, JobStarted, StepFinished, ValidationFinished
from napari_hyperseg.jobs.in_training import marked
from napari_hyperseg.jobs.predicting import run_prediction
from napari_hyperseg.jobs.serving import serve
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.training import run_training
from napari_hyperseg.learn.device import prepare_process
from napari_hyperseg.learn.meeting import Meeting


def run_job(
    spec: JobSpec,
    emit: Callable[[Event], None],
    control: Control,
    meeting: Meeting | None = None,
) -> None:
    """Run a job in this process.

    Parameters
    ----------
    spec : JobSpec
    emit : callable
        Takes each Event, in the order they happen; the last one is JobFinished.
    control : Control
        Asked for commands between two pieces of work.
    meeting : Meeting, optional
        Where this process leads others that share the batches of a training.

    Raises
    ------
    HypersegError
        If the job cannot be done; its message is for the user.
    """
    if spec.cluster is not None:
        _elsewhere(spec, emit, control)
        return
    prepare_process(spec.threads)
    try:
        if spec.kind == "predict":
            run_prediction(spec, emit, control)
        else:
            record = _recorded(emit, spec.model / METRICS)
            with marked(spec.model):
                run_training(spec, record, control, meeting)
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise JobError(
            "The memory does not suffice for this job. Close other programs, or choose "
            "device 'cpu' if a GPU ran out."
        ) from error


def _elsewhere(spec: JobSpec, emit: Callable[[Event], None], control: Control) -> None:
    check_installed()
    from napari_hyperseg.jobs.cluster.running import run_on_cluster

    run_on_cluster(spec, emit, control)


def _recorded(emit: Callable[[Event], None], path: Path) -> Callable[[Event], None]:
    """Also append the figures of training to a file, and where it began."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def record_and_emit(event: Event) -> None:
        if isinstance(event, JobStarted | StepFinished | ValidationFinished):
            with path.open("a", encoding="utf-8") as file:
                file.write(event.model_dump_json() + "\n")
        emit(event)

    return record_and_emit


def main() -> int:
    """Serve one job over the standard streams; the exit status is 0 unless it failed."""
    return serve(JobSpec.model_validate_json, run_job)


if __name__ == "__main__":
    raise SystemExit(main())
