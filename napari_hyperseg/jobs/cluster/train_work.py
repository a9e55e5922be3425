"""Training on a worker: the job as it runs anywhere; events and commands by Dask's topics.

Who asked for it is heard of every few seconds; when that ends, so does the training, with a
checkpoint that nobody fetches any more.
"""

from __future__ import annotations

import logging
import time

from distributed import get_client, get_worker

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.cluster.address import host_of
from napari_hyperseg.jobs.cluster.luggage import travelling
from napari_hyperseg.jobs.cluster.place import carried
from napari_hyperseg.jobs.commands import Command, StopJob, parse_command
from napari_hyperseg.jobs.control import QueueControl
from napari_hyperseg.jobs.events import Event
from napari_hyperseg.jobs.interfaces import stay_on
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.learn.meeting import LEADER, Meeting

logger = logging.getLogger(__name__)

LONGEST_SILENCE_S = 60.0
STILL_HERE = ""  # a message that is no command
Files = dict[str, tuple[int, bytes]]


def events_topic(name: str) -> str:
    """Where the events of a job are told."""
    return f"{name}-events"


def commands_topic(name: str) -> str:
    """Where its commands are told."""
    return f"{name}-commands"


class TopicControl(QueueControl):
    """Commands from a topic; silence for long is "stop"."""

    def __init__(self) -> None:
        super().__init__()
        self._heard_s = time.monotonic()

    def take(self, event: tuple[float, str]) -> None:
        """Take in a message of the topic."""
        self._heard_s = time.monotonic()
        if event[1] != STILL_HERE:
            self.put(parse_command(event[1]))

    def poll(self, timeout_s: float = 0.0) -> list[Command]:
        """Return what has come in."""
        if time.monotonic() > self._heard_s + LONGEST_SILENCE_S:
            logger.warning("Nobody has asked for this training for a minute: it is stopped.")
            return [StopJob()]
        return super().poll(timeout_s)


def train_there(name: str, size: int = 1) -> str | None:
    """Run the training of a job that this worker carries, to its end.

    Parameters
    ----------
    name : str
        Of the job.
    size : int
        Workers that train together; the others meet this one at its door.

    Returns
    -------
    str or None
        Why it cannot be done, for the user.
    """
    worker, client, control = get_worker(), get_client(), TopicControl()

    def emit(event: Event) -> None:
        worker.log_event(events_topic(name), event.model_dump_json())

    client.subscribe_topic(commands_topic(name), control.take)
    try:
        run_job(carried(name).spec(), emit, control, _meeting(name, size))
    except HypersegError as error:
        logger.error("%s", error)
        return str(error)
    finally:
        client.unsubscribe_topic(commands_topic(name))
    return None


def _meeting(name: str, size: int) -> Meeting | None:
    """Where this worker leads others, if there are any."""
    store = carried(name).store
    if store is None:
        return None
    stay_on(host_of(get_worker().address))
    return Meeting(store, LEADER, size)


def model_files(name: str, known: dict[str, int]) -> Files:
    """Return the files of a job's model that changed.

    Parameters
    ----------
    name : str
        Of the job.
    known : dict of str to int
        When those that the caller has were changed, by their names.

    Returns
    -------
    dict of str to (int, bytes)
        When each was changed, and its content.
    """
    folder = carried(name).spec().model
    changed = {file: (folder / file).stat().st_mtime_ns for file in travelling(folder)}
    return {
        file: (when, (folder / file).read_bytes())
        for file, when in changed.items()
        if known.get(file) != when
    }
