"""A group of processes in a test, which meet in a file and leave together."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import torch
from torch import distributed


@contextmanager
def process_group(rank: int, size: int, folder: str) -> Iterator[None]:
    """Be one of a group for the length of a block, which computes on one thread."""
    warnings.simplefilter("error")
    torch.set_num_threads(1)
    store = distributed.FileStore(str(Path(folder) / "store"), size)
    distributed.init_process_group(
        "gloo", store=store, rank=rank, world_size=size, timeout=timedelta(seconds=60)
    )
    yield
    distributed.barrier()  # whoever leaves first pulls the threads from under the others
    distributed.destroy_process_group()
