"""What larger clusters would do, from what was measured of one block here.

Nothing is measured in it: an estimate from a block's computing time, what it reads and writes,
and what the scheduler takes for a task, with network and GPU as they are stated.  Whatever takes
longest is named.
"""

from __future__ import annotations

import math
from typing import Any

SIZES_GB = (10, 100, 1000, 10_000)  # of float32 samples
WORKERS = (4, 16, 64, 256)
NETWORK_GB_S = 1.25  # of each worker: 10 Gbit
STORAGE_GB_S = 5.0  # of the folder that all share
GPU_TIMES = 60.0  # as fast as one core here; an assumption
BLOCK_VOXELS = 2**23  # 128 x 128 x 512
BYTES_READ, BYTES_WRITTEN = 4, 2  # a sample; facies and confidence
START_S = 15.0  # of workers that load a model
Row = dict[str, Any]


def estimates(measured: Row, overhead: Row) -> list[Row]:
    """A row for each size and number of workers.

    Parameters
    ----------
    measured, overhead : dict
        The row of one worker, and that of a task, see `benchmarks.scale`.
    """
    task_s = overhead["milliseconds_a_task"] / 1000
    return [_estimate(measured, task_s, gigabytes, n) for gigabytes in SIZES_GB for n in WORKERS]


def _estimate(measured: Row, task_s: float, gigabytes: float, workers: int) -> Row:
    voxels = gigabytes * 1e9 / 4
    blocks = math.ceil(voxels / BLOCK_VOXELS)
    moved = voxels * (BYTES_READ * measured["voxels_read_per_voxel"] + BYTES_WRITTEN) / 1e9
    rounds = math.ceil(blocks / workers) / (blocks / workers)  # the last ones wait for no one
    takes = {
        "computing": voxels / (GPU_TIMES * measured["voxels_per_second"] * workers) * rounds,
        "network of the workers": moved / (NETWORK_GB_S * workers),
        "storage": moved / STORAGE_GB_S,
        "scheduler and client": blocks * task_s,
    }
    bottleneck = max(takes, key=lambda what: takes[what])
    return {
        "gigabytes": gigabytes,
        "workers": workers,
        "minutes": round((START_S + takes[bottleneck]) / 60, 1),
        "bottleneck": bottleneck,
    }
