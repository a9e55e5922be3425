"""Workers of a cluster that train one model together: which, and how they meet.

torch.distributed has no TLS, so what they send each other stays on one machine unless the user
wants it otherwise.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from distributed import Worker, get_worker

from napari_hyperseg.errors import HypersegError, JobError
from napari_hyperseg.jobs.cluster.address import host_of
from napari_hyperseg.jobs.cluster.place import carried
from napari_hyperseg.jobs.interfaces import stay_on
from napari_hyperseg.jobs.spec import ClusterInput

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Door:
    """Where the worker that leads is met."""

    host: str
    port: int


def choose_team(workers: Mapping[str, str], cluster: ClusterInput) -> list[str]:
    """Choose the workers that train together; the first one leads.

    Parameters
    ----------
    workers : mapping of str to str
        What each computes on, by its address.
    cluster : ClusterInput

    Raises
    ------
    JobError
        If there are fewer than the user wants, or they would talk between machines unasked.
    """
    kind = "cuda" if "cuda" in workers.values() else "cpu"
    fit = [address for address, device in workers.items() if device == kind]
    on_host = Counter(host_of(address) for address in fit)
    fit.sort(key=lambda address: (-on_host[host_of(address)], host_of(address), address))
    wanted = cluster.workers
    if wanted is None:
        wanted = on_host[host_of(fit[0])] if kind == "cuda" else 1
    if wanted > len(fit):
        raise JobError(
            f"{wanted} workers are to train together; the cluster has {len(fit)} that compute on "
            f"{kind}. Start more, or ask for fewer."
        )
    team = fit[:wanted]
    if len({host_of(address) for address in team}) > 1 and not cluster.clear:
        raise JobError(
            f"{wanted} workers are on several machines, and torch.distributed would carry weights "
            f"and gradients between them in the clear. Take {on_host[host_of(team[0])]} on one "
            "machine, or add --no-tls in a network that nobody else is in."
        )
    return team


def open_door(name: str, dask_worker: Worker) -> Door:
    """Let others meet this worker, which carries the job and is to lead; Dask says which it is."""
    from torch.distributed import TCPStore

    host = host_of(dask_worker.address)
    family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    listening = socket.create_server((host, 0), family=family)
    port = listening.getsockname()[1]
    carried(name).store = TCPStore(
        host, port, is_master=True, wait_for_workers=False, master_listen_fd=listening.detach()
    )
    return Door(host, port)


def help_there(name: str, door: Door, rank: int, size: int) -> None:
    """Help the worker behind a door until it is done."""
    from torch.distributed import TCPStore

    from napari_hyperseg.jobs.team import help_train
    from napari_hyperseg.learn.device import prepare_process
    from napari_hyperseg.learn.meeting import Meeting

    stay_on(host_of(get_worker().address))
    spec = carried(name).spec()
    prepare_process(spec.threads)
    store = TCPStore(door.host, door.port, is_master=False, wait_for_workers=False)
    try:
        help_train(Meeting(store, rank, size), spec.surveys)
    except HypersegError as error:
        logger.error("%s", error)
