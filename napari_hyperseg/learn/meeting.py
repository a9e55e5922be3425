"""Where the processes of a team meet: a store of torch.distributed that all of them have.

What is not a tensor is left there for each other, under names.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import inf

from torch import distributed

from napari_hyperseg.learn.team import TeamError

POLL = timedelta(seconds=5)
LEADER = 0
GONE = (
    "A process that shared the training is gone. What was learnt is saved: train again to go on "
    "from there."
)


@dataclass(frozen=True)
class Meeting:
    """Where the processes of a team find each other.

    Parameters
    ----------
    store : torch.distributed.Store
        That all of them have.
    rank : int
        0 leads.
    size : int
    """

    store: distributed.Store
    rank: int
    size: int


def put(store: distributed.Store, place: str, what: bytes) -> None:
    """Leave something in a store."""
    store.set(place, what)  # type: ignore[arg-type]  # its annotation knows text alone


def wait_for(store: distributed.Store, place: str, until_s: float = inf) -> bytes | None:
    """Wait for something in a store; None if it has not come until then, by the monotonic clock.

    Raises
    ------
    TeamError
        If the store is gone.
    """
    with others_heard():
        while time.monotonic() < until_s:
            try:
                store.wait([place], POLL)
            except distributed.DistStoreError:
                continue
            found: bytes = store.get(place)
            return found
    return None


@contextmanager
def others_heard() -> Iterator[None]:
    """Tell by its own error that another process is gone."""
    try:
        yield
    except RuntimeError as error:
        raise TeamError(GONE) from error
