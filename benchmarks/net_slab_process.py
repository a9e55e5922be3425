"""One process of a group that trains on a volume in slabs: it measures its own share.

``python -m benchmarks.net_slab_process JOB`` prints what it measured, as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from statistics import median
from typing import Any

import torch
from torch import distributed
from torch.nn.functional import cross_entropy

from benchmarks.net_cases import CLASSES, Case
from benchmarks.net_meter import PeakMeter, seconds_of
from napari_hyperseg.learn.device import prepare_process
from napari_hyperseg.net.budget import training_footprint
from napari_hyperseg.net.domain import Domain
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import HyperbolicNet

WARM_UP_SIZE = 32
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Job:
    """What a process is started with.

    Parameters
    ----------
    case : str
        JSON of a `Case`.
    rank, size : int
        Of the process, and processes.
    meeting_place : str
        A file in which they find each other.
    threads : int
    steps : int
        To be timed.
    """

    case: str
    rank: int
    size: int
    meeting_place: str
    threads: int
    steps: int

    def to_json(self) -> str:
        """Write as text."""
        return json.dumps(asdict(self))


class Share:
    """A network and the slab of a process: one labelled crossline of random data."""

    def __init__(self, case: Case, size: int, domain: Domain | None, device: torch.device) -> None:
        torch.manual_seed(0)
        self.net = HyperbolicNet(case.config, Execution(mode=case.mode)).to(device)
        self.net.domain = self.domain = domain
        whole = slice(0, size)
        rows = whole if domain is None else domain.rows(case.config, size)
        shape = (rows.stop - rows.start, size, size)
        self.data = torch.randn(1, 1, *shape).to(device)
        self.where = torch.zeros(1, *shape, dtype=torch.bool, device=device)
        self.where.select(1 + case.section, size // 2).fill_(True)
        self.targets = torch.randint(CLASSES, (int(self.where.sum()),)).to(device)
        self.labels = size * size

    def train(self) -> None:
        """One step: logits at the labels, loss, gradients, their sum over the processes."""
        self.net.zero_grad()
        logits = self.net(self.data, self.where)
        (cross_entropy(logits, self.targets, reduction="sum") / self.labels).backward()
        if self.domain is not None:
            self.domain.sum_gradients(self.net.parameters())

    def predicted_bytes(self, device: torch.device) -> int:
        """What `napari_hyperseg.net.budget` says of the peak, and the parameters."""
        domain, shape, net = self.domain, self.data.shape[2:], self.net
        seams = 0 if domain is None else (domain.rank > 0) + (domain.rank + 1 < domain.size)
        read = 1 / shape[-1]
        found = training_footprint(net.config, shape, net.execution, device, read=read, seams=seams)
        return found.peak + found.gradients


def main() -> None:
    job = Job(**json.loads(sys.argv[1]))
    case = Case.from_json(job.case)
    prepare_process(threads=job.threads)
    device = torch.device(case.device, job.rank) if case.device == "cuda" else torch.device("cpu")
    domain = _join(job, device) if job.size > 1 else None
    row = measure(case, domain, device, job.steps)
    print(json.dumps(row), flush=True)
    if domain is not None:
        distributed.barrier()  # whoever leaves first pulls the threads from under the others
        distributed.destroy_process_group()


def measure(case: Case, domain: Domain | None, device: torch.device, steps: int) -> dict[str, Any]:
    """Peak of the first step on the real volume, seconds of those after it."""
    Share(case, WARM_UP_SIZE, domain, device).train()
    meter = PeakMeter(device)
    share = Share(case, case.size, domain, device)
    peak = meter.peak_of(share.train)
    seconds = [seconds_of(share.train, device) for _ in range(steps)]
    return {
        "rows": share.data.shape[2],
        "peak_bytes": peak,
        "predicted_bytes": share.predicted_bytes(device),
        "seconds": median(seconds),
    }


def _join(job: Job, device: torch.device) -> Domain:
    if device.type == "cuda":
        torch.cuda.set_device(device)
    store = distributed.FileStore(job.meeting_place, job.size)
    backend = "nccl" if device.type == "cuda" else "gloo"
    distributed.init_process_group(
        backend, store=store, rank=job.rank, world_size=job.size, timeout=PATIENCE
    )
    return Domain()


if __name__ == "__main__":
    main()
