"""What a second worker brings to a training."""

from __future__ import annotations

import statistics
from pathlib import Path

from benchmarks.scale_cases import Row, make_cube, pinned_cluster, training_of
from napari_hyperseg.jobs.control import NoCommands
from napari_hyperseg.jobs.events import Event, StepFinished
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.worker import run_job

SHAPE = (192, 256, 64)
STEPS, WARM = 30, 5


def team(folder: Path, rounds: int) -> list[Row]:
    """Train on one worker and on two together, each on a core of its own, in turns."""
    spec = training_of(folder / "team", make_cube(folder / "team", SHAPE))
    spec = spec.model_copy(update={"prior": False, "steps": STEPS})
    seconds: dict[int, list[float]] = {1: [], 2: []}
    with pinned_cluster(folder, 2) as cluster:
        for number in range(rounds):
            for workers in seconds:
                place = cluster.input.model_copy(update={"workers": workers})
                model = folder / "team" / f"model_{number}_{workers}"
                seconds[workers].append(
                    _seconds_a_step(spec.model_copy(update={"cluster": place, "model": model}))
                )
    ratio = statistics.median(a / b for a, b in zip(seconds[1], seconds[2], strict=True))
    return [
        {
            "workers": workers,
            "seconds_a_step": round(statistics.median(found), 3),
            "times_one": 1.0 if workers == 1 else round(ratio, 2),
        }
        for workers, found in seconds.items()
    ]


def _seconds_a_step(spec: JobSpec) -> float:
    """Of a training, its first steps left out."""
    when: list[float] = []

    def emit(event: Event) -> None:
        if isinstance(event, StepFinished):
            when.append(event.elapsed_s)

    run_job(spec, emit, NoCommands())
    return (when[-1] - when[WARM]) / (len(when) - 1 - WARM)
