"""The prediction job on a cluster: blocks go out as tasks, and are noted as they come back.

A few blocks a worker are under way at a time, so that memory stays flat however large the volume
is, and a stop, or another section on screen, takes effect soon.
"""

from __future__ import annotations

import queue
import uuid

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.block_plan import BlockPlan, BlockTask
from napari_hyperseg.jobs.cluster.block_work import Written, write_block
from napari_hyperseg.jobs.cluster.connection import check_workers
from napari_hyperseg.jobs.cluster.fetching import Fetched, Fetching
from napari_hyperseg.jobs.cluster.job import cancel, carried_to, check_connection
from napari_hyperseg.jobs.cluster.luggage import pack
from napari_hyperseg.jobs.cluster.wording import on_one_line
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.events import BlockPredicted, JobFinished, JobStarted, JobWarned
from napari_hyperseg.jobs.predicting import boundary_order, count_parameters
from napari_hyperseg.jobs.runner import Clock, Emit, Obedience
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.learn.device import choose_device
from napari_hyperseg.learn.model import load_model
from napari_hyperseg.learn.origins import Origin

AHEAD, MORE_AHEAD = 2, 2  # blocks under way: for each thread of the workers, and beside
RETRIES = 3  # after errors of disks and networks
MOST_LOST = 5  # times that Dask gives a block up because its workers died
POLL_S = 0.2
LOOK_EVERY_S = 2.0  # at how many workers there are
_KEPT = "What was predicted is kept: predict again to go on from there."


def predict_on(client: Client, spec: JobSpec, emit: Emit, control: Control) -> None:
    """Fill the prediction stores of a job.

    Raises
    ------
    HypersegError
        If an input cannot be used, here or on a worker, or the cluster is gone; what was
        predicted until then stays, and the same job goes on from there.
    """
    model = load_model(spec.model, choose_device("cpu"))
    workers, luggage = check_workers(client, spec), pack(spec)
    plan = BlockPlan(spec, luggage.digest, model.n_classes, boundary_order(spec, model))
    kinds = ", ".join(sorted(set(workers.values())))
    device = f"{len(workers)} worker{'s' if len(workers) > 1 else ''} ({kinds})"
    with carried_to(client, luggage) as name:
        emit(JobStarted(kind="predict", device=device, parameters=count_parameters(model)))
        clock = Clock()
        job = ClusterPrediction(client, plan, emit, name)
        obedience = Obedience(control, emit, clock, lambda c: plan.look_at(c.view), lambda c: None)
        try:
            while obedience.obey() and job.advance():
                pass
        finally:
            job.cancel()
    if not obedience.stopped:
        plan.finish()
    emit(
        JobFinished(
            reason="stopped" if obedience.stopped else "done",
            steps=model.step,
            elapsed_s=clock.elapsed_s(),
            voxels=plan.new,
        )
    )


class ClusterPrediction:
    """Keeps the workers of a cluster busy with blocks.

    Parameters
    ----------
    client : Client
    plan : BlockPlan
    emit : callable
    name : str
        Under which the workers carry the job.
    """

    def __init__(self, client: Client, plan: BlockPlan, emit: Emit, name: str) -> None:
        self._client, self._plan, self._emit, self._name = client, plan, emit, name
        self._running: dict[Future, BlockTask] = {}
        self._ended: queue.SimpleQueue[Future | Fetched] = queue.SimpleQueue()
        self._fetching = Fetching(plan, self._ended.put)
        self._to_fetch = 0
        for task, origin in plan.to_fetch():
            self._fetch(task, origin)
        self._threads, self._clock, self._next_look_s = 0, Clock(), 0.0

    def advance(self) -> bool:
        """Send what may be under way, and take in what came back; False: all is written.

        Raises
        ------
        JobError
            If a block cannot be predicted, or the scheduler is gone.
        """
        self._look_at_workers()
        self._send()
        if not self._running and not self._to_fetch and not self._plan:
            return False
        try:
            ended = self._ended.get(timeout=POLL_S)
        except queue.Empty:
            check_connection(self._client, _KEPT)
            return True
        if isinstance(ended, Fetched):
            ended.check(_KEPT)
            self._to_fetch -= 1
            self._note(ended.task, ended.origin)
        else:
            self._take_in(ended)
        return True

    def cancel(self) -> None:
        """Ask for nothing any more, and fetch nothing."""
        cancel(self._client, self._running)
        self._fetching.close()

    def _look_at_workers(self) -> None:
        """Know how many threads there are to keep busy."""
        if self._clock.elapsed_s() < self._next_look_s:
            return
        self._next_look_s = self._clock.elapsed_s() + LOOK_EVERY_S
        check_connection(self._client, _KEPT)
        try:
            threads = sum(self._client.nthreads().values())
        except (OSError, TimeoutError) as error:
            raise JobError(f"The scheduler does not answer. {_KEPT}") from error
        if self._threads and not threads:
            self._emit(JobWarned(message="All workers are gone: the job waits for others."))
        self._threads = threads

    def _send(self) -> None:
        while self._plan and len(self._running) < AHEAD * self._threads + MORE_AHEAD:
            task = self._plan.take()
            future = self._client.submit(
                write_block,
                self._name,
                task.survey,
                task.box,
                key=f"{self._name}-{uuid.uuid4().hex}",
                retries=RETRIES,
                pure=False,
            )
            self._running[future] = task
            future.add_done_callback(self._ended.put)

    def _take_in(self, future: Future) -> None:
        task = self._running.pop(future)
        if future.status == "finished":
            self._take_in_written(task, future.result())
            return
        check_connection(self._client, _KEPT)
        error = future.exception() if future.status == "error" else None
        if not isinstance(error, KilledWorker):
            raise JobError(f"A block could not be predicted ({on_one_line(error)}). {_KEPT}")
        if task.lost == MOST_LOST:
            raise JobError(
                f"Workers died on one block of {task.survey}, {MOST_LOST + 1} times over: too "
                f"little memory is usual; their logs tell. {_KEPT}"
            )
        self._plan.give_back(task)

    def _take_in_written(self, task: BlockTask, written: Written) -> None:
        for message in written.warnings:
            self._emit(JobWarned(message=message))
        if written.origin is None:
            raise JobError(written.refusal or "A worker came back with nothing.")
        if self._plan.is_elsewhere(task):
            self._fetch(task, written.origin)
        else:
            self._note(task, written.origin)

    def _fetch(self, task: BlockTask, origin: Origin) -> None:
        self._to_fetch += 1
        self._fetching.begin(task, origin)

    def _note(self, task: BlockTask, origin: Origin) -> None:
        self._plan.note(task, origin)
        self._emit(
            BlockPredicted(
                survey=task.survey,
                box=task.box,
                **origin._asdict(),
                done=self._plan.done,
                total=self._plan.total,
            )
        )
