"""A worker of a cluster as a place where jobs run: what it carries, and what it sees.

All of it runs in the worker's process.  A job's luggage reaches every worker, those that join or
start again later, too; it is unpacked when the worker first has something to do.
"""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import WorkerPlugin

from napari_hyperseg import __version__
from napari_hyperseg.errors import JobError, SharedFolderError
from napari_hyperseg.jobs.cluster.luggage import Luggage, unpack, write_file
from napari_hyperseg.jobs.sharing import check_shared
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.survey.shared.folder import SharedFolder

if TYPE_CHECKING:
    from distributed import Worker
    from torch.distributed import TCPStore

    from napari_hyperseg.jobs.cluster.block_work import BlockWork


class CarriedJob:
    """A job on a worker.

    Parameters
    ----------
    luggage : Luggage
    folder : Path
        Where it may be unpacked.

    Attributes
    ----------
    store : torch.distributed.TCPStore or None
        Where others meet this worker, if it leads them in a training.
    """

    def __init__(self, luggage: Luggage, folder: Path) -> None:
        self.folder = folder
        self.store: TCPStore | None = None
        self._luggage = luggage
        self._lock = threading.Lock()
        self._spec: JobSpec | None = None
        self._blocks: BlockWork | None = None

    def spec(self) -> JobSpec:
        """Return the job as it is to be run here; unpacked when it is first asked for.

        Raises
        ------
        HypersegError
            If something in the luggage is damaged.
        """
        with self._lock:
            if self._spec is None:
                self._spec = unpack(self._luggage, self.folder)
            return self._spec

    def blocks(self) -> BlockWork:
        """Return what predicts blocks, opened when it is first asked for.

        Raises
        ------
        HypersegError
            If an input cannot be used here.
        """
        from napari_hyperseg.jobs.cluster.block_work import BlockWork

        spec = self.spec()
        with self._lock:
            if self._blocks is None:
                self._blocks = BlockWork(spec)
            return self._blocks

    def leave(self) -> None:
        """Write no block any more, and remove what was unpacked."""
        if self._blocks is not None:
            self._blocks.close()
        shutil.rmtree(self.folder, ignore_errors=True)


_carried: dict[str, CarriedJob] = {}  # by name, in this process


class Carrier(WorkerPlugin):
    """Brings a job to the workers, and takes it away.

    Parameters
    ----------
    name : str
        Of the job.
    luggage : Luggage
    """

    def __init__(self, name: str, luggage: Luggage) -> None:
        self.name = name
        self._luggage = luggage

    def setup(self, worker: Worker) -> None:
        """Take the luggage in."""
        folder = Path(worker.local_directory, self.name)
        _carried[self.name] = CarriedJob(self._luggage, folder)

    def teardown(self, worker: Worker) -> None:
        """Let go of it."""
        job = _carried.pop(self.name, None)
        if job is not None:
            job.leave()


def carried(name: str) -> CarriedJob:
    """Return a job that this worker carries.

    Raises
    ------
    JobError
        If it was taken away.
    """
    try:
        return _carried[name]
    except KeyError as error:
        raise JobError("The job was ended while a part of it was waiting.") from error


def bring_files(name: str, files: dict[str, bytes]) -> None:
    """Replace files of a job's luggage where it is unpacked."""
    job = carried(name)
    job.spec()
    for file, content in files.items():
        write_file(job.folder, file, content)


@dataclass(frozen=True)
class Look:
    """What a worker says of itself.

    Parameters
    ----------
    version : str
        Of this project.
    device : str
        What it would choose to compute on.
    missing : tuple of str
        Paths that it does not see.
    refused : tuple of str
        Why shared folders cannot be used from there, a line each.
    """

    version: str
    device: str
    missing: tuple[str, ...]
    refused: tuple[str, ...] = ()


def look_around(expected: dict[str, int], signs: dict[str, str]) -> Look:
    """Look for files.

    Parameters
    ----------
    expected : dict of str to int
        Sizes in bytes, by path.
    signs : dict of str to str
        Name of a file to be seen in each shared folder, by its URL.
    """
    from napari_hyperseg.learn.device import choose_device

    missing = tuple(path for path, size in expected.items() if _size(path) != size)
    reasons = (_reason_against(url, sign) for url, sign in signs.items())
    refused = tuple(reason for reason in reasons if reason)
    return Look(__version__, str(choose_device("auto")), missing, refused)


def _reason_against(url: str, sign: str) -> str:
    """Why a shared folder cannot be used from here; empty: it can."""
    try:
        check_shared(SharedFolder(url), sign)
    except SharedFolderError as error:
        return str(error)
    return ""


def _size(path: str) -> int | None:
    try:
        return Path(path).stat().st_size
    except OSError:
        return None
