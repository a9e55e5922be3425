"""What prediction and training on a cluster have in common on this side."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from distributed import Client, Future

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.luggage import Luggage
from napari_hyperseg.jobs.cluster.place import Carrier

logger = logging.getLogger(__name__)

ANSWERS = "running"  # status of a client that has a scheduler


@contextmanager
def carried_to(client: Client, luggage: Luggage) -> Iterator[str]:
    """Bring a job to all workers for the length of a block; they know it by the name given."""
    name = f"hyperseg-{uuid.uuid4().hex}"
    client.register_plugin(Carrier(name, luggage))
    try:
        yield name
    finally:
        _take_away(client, name)


def check_connection(client: Client, what_is_kept: str) -> None:
    """Make sure that the scheduler is there.

    Parameters
    ----------
    client : Client
    what_is_kept : str
        What the user has in spite of it, and what to do.

    Raises
    ------
    JobError
        If it is not.
    """
    if client.status != ANSWERS:
        raise JobError(f"The scheduler is gone, or the way to it. {what_is_kept}")


def cancel(client: Client, futures: Iterable[Future]) -> None:
    """Ask for nothing any more; where the scheduler is gone, there is nobody to tell."""
    if client.status == ANSWERS:
        client.cancel(list(futures))


def _take_away(client: Client, name: str) -> None:
    if client.status != ANSWERS:
        return
    try:
        client.unregister_worker_plugin(name)
    except (OSError, RuntimeError, TimeoutError, ValueError) as error:
        logger.info("The workers could not be told that the job ended: %s", error)
