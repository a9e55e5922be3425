"""The training job on a cluster: one worker trains; its model comes back with every checkpoint."""

from __future__ import annotations

import queue
import time
from typing import Any

from distributed import Client, Future

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.address import host_of
from napari_hyperseg.jobs.cluster.connection import check_workers
from napari_hyperseg.jobs.cluster.job import cancel, carried_to, check_connection
from napari_hyperseg.jobs.cluster.luggage import check_name, pack, pack_labels_of
from napari_hyperseg.jobs.cluster.place import bring_files
from napari_hyperseg.jobs.cluster.previews import Previews
from napari_hyperseg.jobs.cluster.together import choose_team, help_there, open_door
from napari_hyperseg.jobs.cluster.train_work import (
    STILL_HERE,
    commands_topic,
    events_topic,
    model_files,
    train_there,
)
from napari_hyperseg.jobs.cluster.wording import on_one_line
from napari_hyperseg.jobs.commands import Command, UseChangedLabels
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.events import (
    BlockPredicted,
    CheckpointSaved,
    Event,
    JobFinished,
    JobStarted,
    parse_event,
)
from napari_hyperseg.jobs.runner import Emit
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.learn.files import replace_bytes

POLL_S = 0.1
LOOK_EVERY_S = 2.0  # after the worker; it hears of us as often
END_S = 10.0  # between the end of the work and the event that tells of it
_KEPT = "Labels and the last saved weights are here: train again to go on from them."


def train_on(client: Client, spec: JobSpec, emit: Emit, control: Control) -> None:
    """Train on a worker until the specification's limit, or until stopped.

    Raises
    ------
    HypersegError
        If an input cannot be used, or worker or cluster are gone; the model that was saved
        last is in its folder here.
    """
    assert spec.cluster is not None
    team = choose_team(check_workers(client, spec), spec.cluster)
    luggage = pack(spec)
    with carried_to(client, luggage) as name:
        ClusterTraining(client, spec, emit, control, name, team).train()


class ClusterTraining:
    """A training job under way.

    Parameters
    ----------
    client : Client
    spec : JobSpec
    emit : callable
    control : Control
    name : str
        Under which the workers carry the job.
    team : list of str
        Addresses of those that train; the first one leads.
    """

    def __init__(
        self,
        client: Client,
        spec: JobSpec,
        emit: Emit,
        control: Control,
        name: str,
        team: list[str],
    ) -> None:
        self._client, self._spec, self._emit, self._control = client, spec, emit, control
        self._name, self._team, self._worker = name, team, team[0]
        self._events: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._known: dict[str, int] = {}
        self._previews = Previews(spec)
        self._next_look_s = time.monotonic() + LOOK_EVERY_S
        self._lost_s: float | None = None  # when one that helps was missed
        self._ended = False

    def train(self) -> None:
        """Pass commands and events on until the job has ended."""
        client = self._client
        client.subscribe_topic(events_topic(self._name), lambda event: self._events.put(event[1]))
        futures: list[Future] = []
        try:
            futures += self._begin()
            while not self._ended:
                self._work(futures[0])
        except (OSError, TimeoutError) as error:
            raise JobError(f"The scheduler is gone, or the way to it. {_KEPT}") from error
        finally:
            cancel(client, futures)
            self._previews.close()

    def _begin(self) -> list[Future]:
        """Set the workers to work; the first of the futures is who leads."""
        client, name, size = self._client, self._name, len(self._team)
        helping: list[tuple[int, tuple[Any, ...]]] = []
        if size > 1:
            door = client.run(open_door, name, workers=[self._worker])[self._worker]
            helping = [(rank, (help_there, name, door, rank, size)) for rank in range(1, size)]
        return [
            client.submit(
                *work,
                key=f"{name}-train-{rank}",
                workers=[self._team[rank]],
                pure=False,
            )
            for rank, work in [(0, (train_there, name, size)), *helping]
        ]

    def _work(self, future: Future) -> None:
        for command in self._control.poll():
            self._forward(command)
        done = future.done()
        if done:
            check_connection(self._client, _KEPT)
        if not self._take_in_all(END_S if done else POLL_S) and done:
            self._explain(future)
        if time.monotonic() >= self._next_look_s:
            self._next_look_s = time.monotonic() + LOOK_EVERY_S
            self._look()

    def _forward(self, command: Command) -> None:
        if isinstance(command, UseChangedLabels):
            keys = [survey.key for survey in self._spec.surveys]
            if command.survey in keys:
                files = pack_labels_of(self._spec, keys.index(command.survey))
                self._client.run(bring_files, self._name, files, workers=[self._worker])
        self._client.log_event(commands_topic(self._name), command.model_dump_json())

    def _take_in_all(self, wait_s: float) -> bool:
        """Pass on what has come, waiting a little for the first; tell whether anything did."""
        taken, until = False, time.monotonic() + LOOK_EVERY_S  # boxes may take long to be fetched
        try:
            while not self._ended and (not taken or time.monotonic() < until):
                self._take_in(parse_event(self._events.get(timeout=0 if taken else wait_s)))
                taken = True
        except queue.Empty:
            pass
        return taken

    def _take_in(self, event: Event) -> None:
        if isinstance(event, CheckpointSaved | JobFinished):
            self._fetch()
        if isinstance(event, JobStarted):
            there = f"{event.device} of {host_of(self._worker)}"
            event = event.model_copy(update={"device": there})
        told = self._previews.take_in(event) if isinstance(event, BlockPredicted) else event
        if told is not None:
            self._emit(told)
        self._ended = isinstance(event, JobFinished)

    def _fetch(self) -> None:
        """Write what changed of the model into its folder here, each file as a whole."""
        run = self._client.run
        found = run(model_files, self._name, self._known, workers=[self._worker])
        for file, (when, content) in found[self._worker].items():
            check_name(file)
            replace_bytes(self._spec.model / file, content)
            self._known[file] = when

    def _look(self) -> None:
        check_connection(self._client, _KEPT)
        self._client.log_event(commands_topic(self._name), STILL_HERE)
        there = self._client.nthreads()
        if self._worker not in there:
            raise JobError(f"Worker {self._worker}, which trained, is gone. {_KEPT}")
        lost = [worker for worker in self._team if worker not in there]
        if lost:
            self._miss(lost[0])

    def _miss(self, worker: str) -> None:
        """One that helps is gone: who leads will say so, unless it waits for it in vain."""
        now = time.monotonic()
        self._lost_s = self._lost_s or now
        if now > self._lost_s + END_S:
            self._client.restart_workers([self._worker], raise_for_error=False)
            raise JobError(f"Worker {worker}, which shared the training, is gone. {_KEPT}")

    def _explain(self, future: Future) -> None:
        """The work is over, and no event said so."""
        refusal = future.result() if future.status == "finished" else None
        if refusal is not None:
            raise JobError(refusal)
        error = future.exception() if future.status == "error" else None
        raise JobError(
            f"Worker {self._worker} ended the training ({on_one_line(error)}). {_KEPT}"
        ) from error
