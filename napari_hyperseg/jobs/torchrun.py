"""Training in processes that torchrun started: one leads, and the others help it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from napari_hyperseg.jobs.interfaces import LOOPBACK, stay_on

if TYPE_CHECKING:
    from napari_hyperseg.learn.meeting import Meeting

_STARTED_BY_IT = "TORCHELASTIC_RUN_ID"


def started_by_torchrun() -> bool:
    """Whether torchrun started this process, and others beside it."""
    return _STARTED_BY_IT in os.environ and int(os.environ.get("WORLD_SIZE", 1)) > 1


def only_helps() -> bool:
    """Whether this one of them is to help another one."""
    return started_by_torchrun() and int(os.environ["RANK"]) > 0


def meet() -> Meeting:
    """Meet the others; each takes a GPU of its own where there are some."""
    import torch
    from torch.distributed.rendezvous import rendezvous

    from napari_hyperseg.learn.meeting import Meeting

    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    if os.environ.get("LOCAL_WORLD_SIZE") == os.environ["WORLD_SIZE"]:
        stay_on(LOOPBACK)
    store, rank, size = next(rendezvous("env://"))
    return Meeting(store, rank, size)
