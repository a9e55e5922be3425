"""Memory and time of a training step on one volume that several processes share in slabs.

Each process of a group has a slab of rows (napari_hyperseg.net.domain).  Its peak, above
what it held after a warm-up, is counted in states of the whole volume and in states of its
own slab; the largest of a group is told, beside what napari_hyperseg.net.budget predicts.
The processes of a group run side by side on this machine and share its cores, so that
seconds tell what the cutting costs, not what more machines would gain; with
``--device cuda`` each has a GPU of its own.

``python -m benchmarks.net_slabs [--json] [--size 96] [--processes 1 2 3] [--device cuda]``
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch

from benchmarks.machine import report
from benchmarks.net_cases import OURS, Case, flat
from benchmarks.net_grid import LEVELS
from benchmarks.net_report import tell
from benchmarks.net_slab_process import Job
from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.threads import with_sleeping_threads
from napari_hyperseg.learn.device import choose_device
from napari_hyperseg.net.domain import cut

LAYERS = 16
STEPS = 3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", type=int, default=96, help="voxels along each axis")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--modes", nargs="+", choices=OURS, default=["reversible"])
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--steps", type=int, default=STEPS, help="to be timed")
    chosen = parser.parse_args()
    paths = {"one level": flat(LAYERS), "three levels": LEVELS}
    try:
        choose_device(chosen.device)
        rows = [
            run(Case(name, mode, path, chosen.size, device=chosen.device), size, chosen.steps)
            for name, path in paths.items()
            for mode in chosen.modes
            for size in chosen.processes
        ]
    except HypersegError as error:
        parser.error(str(error))
    report(rows, as_json=chosen.json)


def run(case: Case, size: int, steps: int) -> dict[str, Any]:
    """The row of a group of so many processes."""
    cut(case.config, case.size, size)
    if case.device == "cuda" and torch.cuda.device_count() < size:
        return {**case.describe(), "processes": size, "skipped": "there are not as many GPUs"}
    threads = max(1, (os.cpu_count() or 1) // size)
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "store")
        jobs = [Job(case.to_json(), rank, size, place, threads, steps) for rank in range(size)]
        shares = _measured(jobs)
    row = {**case.describe(), "processes": size, "threads": threads, **_figures(case, shares)}
    tell([row])
    return row


def _measured(jobs: list[Job]) -> list[dict[str, Any]]:
    """What the processes of a group print."""
    command = [sys.executable, "-m", "benchmarks.net_slab_process"]
    processes = [
        subprocess.Popen(
            [*command, job.to_json()],
            stdout=subprocess.PIPE,
            text=True,
            env=with_sleeping_threads(os.environ),
        )
        for job in jobs
    ]
    told = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        raise SystemExit(f"A process of {len(jobs)} ended early: see above.")
    return [json.loads(line) for line in told]


def _figures(case: Case, shares: list[dict[str, Any]]) -> dict[str, Any]:
    """Of the process that needs the most memory, and of the slowest."""
    largest = max(shares, key=lambda share: share["peak_bytes"])
    states = largest["peak_bytes"] / case.state_bytes
    return {
        "rows": "/".join(str(share["rows"]) for share in shares),
        "peak_states": round(states, 2),
        "peak_states_of_slab": round(states * case.size / largest["rows"], 2),
        "predicted_states": round(largest["predicted_bytes"] / case.state_bytes, 2),
        "peak_bytes": largest["peak_bytes"],
        "seconds_per_step": round(max(share["seconds"] for share in shares), 3),
    }


if __name__ == "__main__":
    main()
