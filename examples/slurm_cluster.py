"""A cluster in the queue of a Slurm machine, by dask-jobqueue.

``python -m examples.slurm_cluster --queue gpu --gpus 4 --certificates FOLDER``, on a login node:
it prints the address of a scheduler, which training and prediction are given with ``--cluster``,
and asks Slurm for workers.  Ctrl-C ends all of it.  Needs ``pip install dask-jobqueue``.

Each worker is a job of its own with one GPU, as many processor cores and as much memory as are
said, and computes one block at a time.  What the nodes say to each other is TLS, with the
certificates that ``hyperseg certificates`` made, in a folder that all nodes see.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import dask

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.cluster.address import Address
from napari_hyperseg.jobs.cluster.certificates import security_for, usual_folder
from napari_hyperseg.jobs.cluster.nodes import PAGES_AT, without_pages

if TYPE_CHECKING:
    from dask_jobqueue.slurm import SLURMCluster

THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def main() -> int:
    """Start a scheduler here and workers in the queue, until Ctrl-C."""
    wanted = arguments().parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        cluster = make_cluster(wanted)
    except ModuleNotFoundError as error:
        sys.stderr.write(f"slurm_cluster: {error.name} is missing: pip install dask-jobqueue\n")
        return 2
    except HypersegError as error:
        sys.stderr.write(f"slurm_cluster: {error}\n")
        return 2
    with cluster:
        cluster.scale(jobs=wanted.gpus or wanted.jobs)
        sys.stdout.write(f"{cluster.scheduler_address}\n")
        sys.stdout.flush()
        ended.wait()
    return 0


def arguments() -> argparse.ArgumentParser:
    """What can be said."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queue", help="partition; by default Slurm's own choice")
    parser.add_argument("--gpus", type=int, default=0, help="workers, with a GPU each")
    parser.add_argument("--jobs", type=int, default=1, help="workers, where no GPUs are asked for")
    parser.add_argument("--cores", type=int, default=8, help="processor cores of each worker")
    parser.add_argument("--memory", default="32GB", help="of each worker")
    parser.add_argument("--hours", type=int, default=8, help="after which Slurm ends them")
    parser.add_argument("--host", required=True, help="address of this node that the others reach")
    parser.add_argument("--certificates", type=Path, default=usual_folder())
    return parser


def make_cluster(wanted: argparse.Namespace) -> SLURMCluster:
    """Start the scheduler; workers are asked for by `scale`.

    Raises
    ------
    JobError
        If there are no certificates.
    """
    from dask_jobqueue.slurm import SLURMCluster

    address = Address("tls", wanted.host)
    security = security_for(address, wanted.certificates, clear=False)
    prologue = [f"export {variable}={wanted.cores}" for variable in THREAD_VARIABLES]
    prologue.append("export DASK_DISTRIBUTED__WORKER__HTTP__ROUTES='[]'")
    with dask.config.set(without_pages(security)):
        return SLURMCluster(
            queue=wanted.queue,
            cores=1,  # blocks at a time, which is what Dask calls threads
            processes=1,
            job_cpu=wanted.cores,
            memory=wanted.memory,
            walltime=f"{wanted.hours:02d}:00:00",
            job_extra_directives=["--gres=gpu:1"] if wanted.gpus else [],
            job_script_prologue=prologue,
            worker_extra_args=["--dashboard-address", PAGES_AT, "--memory-limit", "0"],
            protocol="tls://",
            security=security,
            scheduler_options={
                "host": wanted.host,
                "dashboard": False,
                "dashboard_address": PAGES_AT,
            },
        )


if __name__ == "__main__":
    raise SystemExit(main())
