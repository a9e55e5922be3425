"""A real scheduler and real workers, started as a user starts them, on the loopback interface."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from napari_hyperseg.jobs.spec import ClusterInput

COMMAND = (sys.executable, "-P", "-m", "napari_hyperseg")
PATIENCE_S = 60.0
LAST_WORDS = 2000  # characters


@dataclass
class Cluster:
    """A scheduler and what was started for it.

    Parameters
    ----------
    certificates : Path
        Folder.
    """

    certificates: Path
    address: str = ""
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    logs: list[IO[str]] = field(default_factory=list)

    @classmethod
    def on_loopback(cls, certificates: Path, workers: int) -> Cluster:
        """Start a scheduler that talks TLS, and workers of one thread each."""
        cluster = cls(certificates)
        try:
            cluster.address = cluster.start("scheduler", "--host", "tls://127.0.0.1", "--port", "0")
            for _ in range(workers):
                cluster.add_worker()
        except BaseException:
            cluster.close()
            raise
        return cluster

    @property
    def input(self) -> ClusterInput:
        """As a job names it."""
        return ClusterInput(address=self.address, certificates=self.certificates)

    def add_worker(self, core: int | None = None) -> str:
        """Start a worker, on one core if that is wanted, and return its address."""
        return self.start("worker", self.address, "--threads", "1", core=core)

    def start(self, *arguments: str, core: int | None = None) -> str:
        """Start a node and return the address that it tells.

        Raises
        ------
        RuntimeError
            If it does not start.
        """
        log = tempfile.TemporaryFile("w+")  # noqa: SIM115  # as long as the process
        self.logs.append(log)
        process = subprocess.Popen(
            [*COMMAND, *arguments, "--certificates", str(self.certificates)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
            preexec_fn=None if core is None else _pinned_to(core),
        )
        self.processes.append(process)
        assert process.stdout is not None
        told = process.stdout.readline().strip()
        if not told:
            log.seek(0)
            raise RuntimeError(f"{arguments[0]} did not start: {log.read()[-LAST_WORDS:]}")
        return told

    def scheduler(self) -> psutil.Process:
        """The scheduler's process."""
        return psutil.Process(self.processes[0].pid)

    def workers(self) -> list[psutil.Process]:
        """The processes that compute: each is the child of one that starts it again."""
        parents = [psutil.Process(process.pid) for process in self.processes[1:]]
        children = [child for parent in parents for child in parent.children()]
        return [child for child in children if "spawn_main" in _command_line(child)]

    def close(self) -> None:
        """End everything."""
        for process in self.processes:
            descendants = _descendants(process.pid)
            for pid in (process.pid, *descendants):  # parents first: they start others
                _kill(pid)
            process.wait(PATIENCE_S)
            assert process.stdout is not None
            process.stdout.close()
        for log in self.logs:
            log.close()


def _pinned_to(core: int) -> Callable[[], None]:
    return lambda: os.sched_setaffinity(0, {core})


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def _descendants(pid: int) -> list[int]:
    try:
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
