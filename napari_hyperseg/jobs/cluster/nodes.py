"""The processes of a cluster: a scheduler, and workers that compute for it.

They are Dask's own, with nothing switched on that listens in the clear: no dashboard, no pages.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dask
from distributed import Nanny, Scheduler, Security
from distributed.utils import get_ip

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.address import Address
from napari_hyperseg.jobs.cluster.certificates import security_for
from napari_hyperseg.jobs.cluster.wording import on_one_line

CONNECT_S = 15.0
# Dask starts a server of web pages with every node: on the loopback interface, without a page.
_NO_PAGES: dict[str, Any] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
PAGES_AT = "127.0.0.1:0"
_GPUS = "CUDA_VISIBLE_DEVICES"
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True)
class NodeOptions:
    """What scheduler and workers have in common.

    Parameters
    ----------
    address : Address
        Of the scheduler.
    certificates : Path or None
        Folder; None: the usual one.
    clear : bool
        Whether other machines may be talked to in the clear.
    """

    address: Address
    certificates: Path | None = None
    clear: bool = False

    def security(self) -> Security:
        """How to talk.

        Raises
        ------
        JobError
            If it may not be, or certificates are missing.
        """
        return security_for(self.address, self.certificates, clear=self.clear)


def run_scheduler(options: NodeOptions, tell: Callable[[str], None]) -> None:
    """Run a scheduler until it is interrupted.

    Parameters
    ----------
    options : NodeOptions
        The host of the address is the only interface that it listens on.
    tell : callable
        Takes the address once it listens.

    Raises
    ------
    JobError
        If it cannot listen there.
    """
    address, security = options.address, options.security()

    async def run(stack: AsyncExitStack) -> None:
        scheduler = Scheduler(
            host=address.host,
            port=address.port,
            protocol=address.protocol,
            security=security,
            dashboard=False,
            dashboard_address=PAGES_AT,
        )
        await stack.enter_async_context(scheduler)
        tell(scheduler.address)
        await _finished_or_interrupted(scheduler.finished())

    try:
        _run(run, security)
    except (OSError, RuntimeError) as error:
        reason = on_one_line(error.__cause__ or error)
        raise JobError(f"{address}: a scheduler cannot listen there ({reason}).") from error


def run_workers(
    options: NodeOptions,
    tell: Callable[[str], None],
    *,
    workers: int = 1,
    threads: int | None = None,
    scratch: Path | None = None,
) -> None:
    """Run workers until they are interrupted, or their scheduler is gone.

    Each is a process that computes one block at a time and is started again if it dies.

    Parameters
    ----------
    options : NodeOptions
    tell : callable
        Takes the address of each worker once it is connected.
    workers : int
    threads : int, optional
        CPU threads of each; by default, all cores are shared out.
    scratch : Path, optional
        Folder for what they unpack; by default, a temporary one.

    Raises
    ------
    JobError
        If the scheduler cannot be reached.
    """
    address, security = options.address, options.security()
    each = threads or max(1, (os.cpu_count() or 1) // workers)
    host = address.host if address.here else get_ip(address.host)
    settings: dict[str, Any] = {
        "nthreads": 1,
        "host": host,
        "security": security,
        "death_timeout": CONNECT_S,
        "dashboard_address": PAGES_AT,
        "memory_limit": 0,  # blocks are cut to the memory there is; Dask knows nothing of it
        "local_directory": None if scratch is None else str(scratch),
    }

    async def run(stack: AsyncExitStack) -> None:
        nannies = [Nanny(str(address), **settings, env=env) for env in _environments(workers, each)]
        for nanny in nannies:
            await stack.enter_async_context(nanny)
            tell(nanny.worker_address)
        await _finished_or_interrupted(asyncio.gather(*(one.finished() for one in nannies)))

    try:
        _run(run, security)
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise JobError(
            f"No scheduler answers at {address}. Start 'hyperseg scheduler' there, with the same "
            "certificates."
        ) from error


def _environments(workers: int, threads: int) -> list[dict[str, str]]:
    """How many CPU threads each worker has; where there are several GPUs, each has one."""
    import torch

    listed = os.environ.get(_GPUS)
    gpus = listed.split(",") if listed else [str(n) for n in range(torch.cuda.device_count())]
    common = dict.fromkeys(_THREAD_VARIABLES, str(threads))
    if len(gpus) < 2:
        return [common] * workers
    return [common | {_GPUS: gpus[number % len(gpus)]} for number in range(workers)]


def _run(body: Callable[[AsyncExitStack], Awaitable[None]], security: Security) -> None:
    async def run() -> None:
        async with AsyncExitStack() as stack:
            await body(stack)

    with dask.config.set(without_pages(security)):
        asyncio.run(run())


def without_pages(security: Security) -> dict[str, Any]:
    """Settings for Dask's nodes: no pages, and even their server talks TLS where the rest does."""
    known = security.get_tls_config_for_role("scheduler")
    return _NO_PAGES | {
        f"distributed.scheduler.dashboard.tls.{setting}": known[name]
        for setting, name in (("key", "key"), ("cert", "cert"), ("ca-file", "ca_file"))
        if known[name] is not None
    }


async def _finished_or_interrupted(finished: Awaitable[Any]) -> None:
    """Wait for the end, for Ctrl-C or for a request to terminate."""
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    if os.name == "posix":
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, interrupted.set)
    ends = [asyncio.ensure_future(finished), asyncio.ensure_future(interrupted.wait())]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
