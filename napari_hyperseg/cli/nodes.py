"""``hyperseg scheduler`` and ``hyperseg worker``: the processes of a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_hyperseg.cli.options import Certificates, NoTls
from napari_hyperseg.jobs.cluster import check_installed

if TYPE_CHECKING:
    from napari_hyperseg.jobs.cluster.nodes import NodeOptions


def scheduler(
    host: Annotated[
        str,
        typer.Option(
            metavar="HOST",
            help="The interface to listen on: this machine's name or number in the network.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="0: any that is free.")
    ] = 8786,
    certificates: Certificates = None,
    no_tls: NoTls = False,
) -> None:
    """Run the scheduler of a cluster, until Ctrl-C; by default for this computer alone."""
    check_installed()
    from napari_hyperseg.jobs.cluster.nodes import run_scheduler

    run_scheduler(_options(f"{_bracketed(host)}:{port}", certificates, no_tls), _tell)


def worker(
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="HOST:PORT of the scheduler.", show_default=False),
    ],
    workers: Annotated[
        int, typer.Option(metavar="N", min=1, help="Processes, one for each GPU or part of a CPU.")
    ] = 1,
    threads: Annotated[
        int | None,
        typer.Option(
            metavar="T", min=1, help="CPU threads of each (default: all cores, shared out)."
        ),
    ] = None,
    scratch: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="For what they unpack (default: a temporary folder)."),
    ] = None,
    certificates: Certificates = None,
    no_tls: NoTls = False,
) -> None:
    """Compute for a cluster, until Ctrl-C or the end of its scheduler."""
    check_installed()
    from napari_hyperseg.jobs.cluster.nodes import run_workers

    options = _options(address, certificates, no_tls)
    run_workers(options, _tell, workers=workers, threads=threads, scratch=scratch)


def _bracketed(host: str) -> str:
    """A number of IPv6 needs brackets before a port."""
    bare = ":" in host and "//" not in host and not host.startswith("[")
    return f"[{host}]" if bare else host


def _options(address: str, certificates: Path | None, no_tls: bool) -> NodeOptions:
    from napari_hyperseg.jobs.cluster.address import Address
    from napari_hyperseg.jobs.cluster.nodes import NodeOptions

    return NodeOptions(Address.parse(address), certificates, no_tls)


def _tell(address: str) -> None:
    """Print an address for whoever waits for it."""
    print(address, flush=True)
