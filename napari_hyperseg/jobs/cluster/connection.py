"""Talking to a scheduler: connecting, and what can be wrong with that, in one line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dask
from distributed import Client, Future

from napari_hyperseg import __version__
from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.address import Address
from napari_hyperseg.jobs.cluster.certificates import security_for
from napari_hyperseg.jobs.cluster.place import Look, look_around
from napari_hyperseg.jobs.cluster.signs import Signs, place_of, signs_of
from napari_hyperseg.jobs.cluster.wording import on_one_line
from napari_hyperseg.jobs.spec import ClusterInput, JobSpec

CONNECT_S, CLOSE_S = 10.0, 2.0
LOOK_S = 60.0  # a worker may be at a block
POLL_S = 0.05
AT_ONCE = 100  # before blocks
_RIGHTS = (
    "The environment of each worker must name the store and the credentials to read and write it."
)
_TIMEOUTS = {
    "distributed.comm.timeouts.connect": "4s",
    "distributed.comm.timeouts.tcp": "11s",  # of a machine that is silent; Dask takes no less
}


@contextmanager
def connected(cluster: ClusterInput) -> Iterator[Client]:
    """Connect to a scheduler for the length of a block.

    Raises
    ------
    JobError
        If that cannot be, or may not be.
    """
    address = Address.parse(cluster.address)
    security = security_for(address, cluster.certificates, clear=cluster.clear)
    with dask.config.set(_TIMEOUTS):
        try:
            client = Client(
                str(address), security=security, timeout=CONNECT_S, set_as_default=False
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise JobError(_no_connection(address, error)) from error
        try:
            yield client
        finally:
            with suppress(OSError, TimeoutError, RuntimeError):
                client.close(timeout=CLOSE_S)


def check_workers(client: Client, spec: JobSpec) -> dict[str, str]:
    """Make sure that there are workers, that they are of this version, and see what they need.

    Parameters
    ----------
    client : Client
    spec : JobSpec
        Its SEG-Y files, and the folders of its predictions, must be seen by every worker; or the
        folders where its surveys are shared.

    Returns
    -------
    dict of str to str
        What each worker computes on, by its address.

    Raises
    ------
    JobError, SharedFolderError
        If not.
    """
    assert spec.cluster is not None
    address = spec.cluster.address
    with signs_of(spec) as signs:
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
            looks = _looks(client, signs)
        except (OSError, TimeoutError) as error:
            raise JobError(
                f"{address} has no workers that answer. Start some with 'hyperseg worker "
                f"{address}'."
            ) from error
    for worker, look in looks.items():
        _check(worker, look)
    return {worker: look.device for worker, look in looks.items()}


def _looks(client: Client, signs: Signs) -> dict[str, Look]:
    """Let every worker look around; beside its work, for what it loads first takes seconds.

    Raises
    ------
    TimeoutError
        If none does.
    """
    asked: dict[str, Future] = {}
    deadline = time.monotonic() + LOOK_S
    while time.monotonic() < deadline:
        there = client.nthreads()
        for worker in there:
            if worker not in asked:
                asked[worker] = client.submit(
                    look_around,
                    signs.sizes,
                    signs.shared,
                    workers=[worker],
                    pure=False,
                    priority=AT_ONCE,
                )
        present = [future for worker, future in asked.items() if worker in there]
        if present and all(future.done() for future in present):
            return {w: _answer(w, future) for w, future in asked.items() if w in there}
        time.sleep(POLL_S)
    raise TimeoutError


def _answer(worker: str, future: Future) -> Look:
    try:
        return future.result()
    except Exception as error:  # whatever a worker without us can raise
        raise JobError(
            f"Worker {worker} cannot run napari-hyperseg {__version__} ({on_one_line(error)}). "
            "Install it there, in the same version."
        ) from error


def _check(worker: str, look: Look) -> None:
    if look.version != __version__:
        raise JobError(
            f"Worker {worker} has napari-hyperseg {look.version}, this is {__version__}. "
            "Install the same version on both."
        )
    if look.missing:
        raise JobError(
            f"Worker {worker} does not see {place_of(look.missing[0])}. Keep the project and its "
            "SEG-Y files in folders that all workers have, too, at the same paths, or share the "
            "project with 'hyperseg share'."
        )
    if look.refused:
        raise JobError(f"From worker {worker}: {look.refused[0]} {_RIGHTS}")


def _no_connection(address: Address, error: BaseException) -> str:
    reason = " ".join(str(error.__cause__ or error).split())[:200]
    return (
        f"No connection to a scheduler at {address} ({reason}). Is 'hyperseg scheduler' running "
        "there, with the same certificates?"
    )
