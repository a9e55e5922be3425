"""What a task costs beside its work, and what a job brings along."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
from distributed import as_completed

from benchmarks.scale_cases import Row, make_cube, pinned_cluster, trained
from napari_hyperseg.jobs.cluster.connection import connected
from napari_hyperseg.jobs.cluster.luggage import pack
from napari_hyperseg.survey.geometry import Box

TASKS, UNDER_WAY = 1000, 4
SHAPE = (64, 64, 64)


def overhead(folder: Path) -> list[Row]:
    """Hand out blocks that nobody predicts, a few under way as in a prediction."""
    spec = trained(folder / "overhead", make_cube(folder / "overhead", SHAPE))
    with pinned_cluster(folder, 2) as cluster, connected(cluster.input) as client:
        client.wait_for_workers(2)
        _hand_out(client, 10)
        began, before = time.perf_counter(), bytes_on_loopback()
        _hand_out(client, TASKS)
        took, moved = time.perf_counter() - began, bytes_on_loopback() - before
    luggage = sum(map(len, pack(spec).files.values()))
    return [
        {
            "tasks": TASKS,
            "milliseconds_a_task": round(1000 * took / TASKS, 2),
            "bytes_a_task": round(moved / TASKS),
            "luggage_megabytes": round(luggage / 1e6, 2),
        }
    ]


def bytes_on_loopback() -> int:
    """Sent since the machine started."""
    return psutil.net_io_counters(pernic=True)["lo"].bytes_sent


def _hand_out(client, tasks: int) -> None:
    def submit(number: int):
        block = ((number, number + 1), (0, 64), (0, 64))
        return client.submit(_nothing, "job", "cube", block, pure=False)

    under_way = as_completed([submit(number) for number in range(UNDER_WAY)], loop=client.loop)
    handed_out = UNDER_WAY
    for future in under_way:
        future.result()
        if handed_out < tasks:
            under_way.add(submit(handed_out))
            handed_out += 1


def _nothing(name: str, survey: str, block: Box) -> Box:
    return block
