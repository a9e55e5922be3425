"""Predicting on a cluster: what a second worker brings, what dies, and how much memory it takes.

On this machine, over TLS on the loopback interface:

- speed: one worker beside two, each on one core of its own, in turns;
- overhead: of tasks in which nothing is done, and the size of what travels with a job;
- kills: workers that are killed at moments drawn by chance, until so many are dead; every
  prediction must end complete, and be what was predicted undisturbed;
- huge: a SEG-Y file of which only the headers take room, predicted for a minute; the most
  memory of scheduler, workers and client in its first half and in its second;
- halo: what is another class, or another confidence, than in the whole volume at once, by a network
  that was trained for some minutes, for several halos;
- team: steps a second of a training on one worker, and on two together.

What is measured by speed and overhead goes into an estimate for clusters that are not here.

``python -m benchmarks.scale [--parts speed overhead kills huge halo team] [--rounds 3] [--kills 50]
[--gigabytes 200] [--minutes 3] [--json]``
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import torch

from benchmarks.cluster_nodes import Cluster
from benchmarks.machine import report_tables
from benchmarks.scale_cases import KEY, Row, make_cube, pinned_cluster, predict, trained
from benchmarks.scale_estimate import estimates
from benchmarks.scale_halo import halo
from benchmarks.scale_overhead import bytes_on_loopback, overhead
from benchmarks.scale_team import team
from benchmarks.survey_files import make_sparse
from napari_hyperseg.jobs.cluster.blocks import blocks_of
from napari_hyperseg.jobs.cluster.certificates import make_certificates
from napari_hyperseg.jobs.control import QueueControl
from napari_hyperseg.jobs.events import BlockPredicted, Event
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.learn.boxes import grown, size
from napari_hyperseg.learn.predictor import HALO

SPEED_SHAPE, KILL_SHAPE = (192, 256, 192), (192, 256, 64)
HUGE_S, HUGE_SAMPLES = 60.0, 32_000
HUGE_SPANS = ((10, 35), (36, 61))  # seconds


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    parts = ("speed", "overhead", "kills", "huge", "halo", "team")
    arguments.add_argument("--parts", nargs="*", choices=parts, default=list(parts))
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--kills", type=int, default=50)
    arguments.add_argument("--gigabytes", type=float, default=200.0)
    arguments.add_argument("--minutes", type=float, default=3.0, help="of training, for halo")
    arguments.add_argument("--folder", type=Path, help="where files are made")
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    torch.set_num_threads(1)
    tables: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        make_certificates(folder / "certificates")
        if "speed" in chosen.parts:
            tables["speed"] = speed(folder, chosen.rounds)
        if "overhead" in chosen.parts:
            tables["overhead"] = overhead(folder)
        if {"speed", "overhead"} <= set(chosen.parts):
            tables["estimate"] = estimates(tables["speed"][0], tables["overhead"][0])
        if "kills" in chosen.parts:
            tables["kills"] = kills(folder, chosen.kills)
        if "huge" in chosen.parts:
            tables["huge"] = huge(folder, chosen.gigabytes)
        if "halo" in chosen.parts:
            tables["halo"] = halo(folder, chosen.minutes)
        if "team" in chosen.parts:
            tables["team"] = team(folder, chosen.rounds)
    report_tables(tables, as_json=chosen.json)


def speed(folder: Path, rounds: int) -> list[Row]:
    """Predict with one worker and with two, each on a core of its own, in turns."""
    spec = trained(folder / "speed", make_cube(folder / "speed", SPEED_SHAPE))
    seconds: dict[int, list[float]] = {1: [], 2: []}
    moved: list[int] = []
    with pinned_cluster(folder, 1) as one, pinned_cluster(folder, 2) as two:
        for number in range(rounds + 1):
            for workers, cluster in ((1, one), (2, two)):
                before = bytes_on_loopback()
                took, _ = predict(spec, cluster)
                if number:  # the first time, workers load what they need
                    seconds[workers].append(took)
                    moved.append(bytes_on_loopback() - before)
    blocks = blocks_of(SPEED_SHAPE)
    voxels = int(np.prod(SPEED_SHAPE))
    seen = sum(size(grown(block, HALO, SPEED_SHAPE)) for block in blocks)
    ratio = statistics.median(a / b for a, b in zip(seconds[1], seconds[2], strict=True))
    return [
        {
            "workers": workers,
            "seconds": round(statistics.median(seconds[workers]), 2),
            "voxels_per_second": round(voxels / statistics.median(seconds[workers])),
            "times_one": 1.0 if workers == 1 else round(ratio, 2),
            "blocks": len(blocks),
            "voxels_read_per_voxel": round(seen / voxels, 2),
            "bytes_through_dask_per_voxel": round(statistics.median(moved) / voxels, 4),
        }
        for workers in seconds
    ]


def kills(folder: Path, wanted: int) -> list[Row]:
    """Kill workers by chance, in one prediction after the other."""
    spec = trained(folder / "kills", make_cube(folder / "kills", KILL_SHAPE))
    random_source, dead, jobs, wrong = random.Random(0), 0, 0, 0
    with pinned_cluster(folder, 2) as cluster:
        _, expected = predict(spec, cluster)
        while dead < wanted:
            with _killing(cluster, random_source, wanted - dead) as killed:
                _, found = predict(spec, cluster)
            jobs, dead = jobs + 1, dead + len(killed)
            wrong += not all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
            print(f"kills: {dead} of {wanted}, jobs {jobs}, wrong {wrong}", file=sys.stderr)
    return [{"killed": dead, "predictions": jobs, "not as undisturbed": wrong}]


def huge(folder: Path, gigabytes: float) -> list[Row]:
    """Predict a huge file for a minute, and look at the memory meanwhile."""
    segy = make_sparse(folder / "huge.sgy", gigabytes, HUGE_SAMPLES)
    small = trained(folder / "huge", make_cube(folder / "huge", (64, 64, 64)))
    survey = SurveyInput(
        key=KEY,
        segy=segy,
        volumes=folder / "volumes",
        prediction=folder / "huge" / "prediction" / "huge.zarr",
    )
    spec = small.model_copy(update={"surveys": (survey,)})
    control, began = QueueControl(), time.monotonic()
    seen: list[tuple[float, int, Row]] = []
    with pinned_cluster(folder, 2) as cluster:

        def emit(event: Event) -> None:
            nonlocal began
            if not isinstance(event, BlockPredicted):
                return
            if not seen:
                began = time.monotonic()
            elapsed = time.monotonic() - began
            seen.append((elapsed, event.done, _memory(cluster)))
            if elapsed > HUGE_S:
                control.stop()

        run_job(spec.model_copy(update={"cluster": cluster.input}), emit, control)
    return [
        {"gigabytes": gigabytes, "seconds": f"{start} to {stop}"} | _largest(seen, start, stop)
        for start, stop in HUGE_SPANS
    ]


def _largest(seen: list[tuple[float, int, Row]], start: int, stop: int) -> Row:
    """Voxels predicted, and the most memory of everyone, in a span of time."""
    within = [one for one in seen if start <= one[0] <= stop]
    voxels = within[-1][1] - within[0][1]
    memory = {who: max(one[2][who] for one in within) for who in within[0][2]}
    return {"voxels": voxels} | {f"{who}, MB": most for who, most in memory.items()}


def _memory(cluster: Cluster) -> Row:
    """Resident megabytes of everyone who takes part."""
    megabytes = {
        "scheduler": cluster.scheduler(),
        "client": psutil.Process(),
        **{f"worker {n + 1}": worker for n, worker in enumerate(cluster.workers())},
    }
    return {who: round(one.memory_info().rss / 2**20) for who, one in megabytes.items()}


@contextmanager
def _killing(cluster: Cluster, random_source: random.Random, most: int) -> Iterator[list[int]]:
    """Kill workers now and then for the length of a block."""
    ended, killed = threading.Event(), []

    def kill() -> None:
        while len(killed) < most and not ended.wait(random_source.uniform(0.5, 8)):
            workers = cluster.workers()
            if workers:
                chosen = random_source.choice(workers)
                chosen.kill()
                killed.append(chosen.pid)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        ended.set()
        thread.join()


if __name__ == "__main__":
    main()
