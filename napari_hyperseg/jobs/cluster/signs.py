"""Files that workers must see before a job starts: those it reads, and new ones where it writes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from napari_hyperseg.errors import JobError, SharedFolderError
from napari_hyperseg.jobs.sharing import read_shared
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.survey.shared.folder import SharedFolder

SIGN = ".cluster-"  # how files begin that are there to be seen
SEEN = b"seen\n"


@dataclass(frozen=True)
class Signs:
    """What is to be seen.

    Parameters
    ----------
    sizes : dict of str to int
        Bytes of files, by their paths.
    shared : dict of str to str
        Name of a file in each shared folder, by its URL.
    """

    sizes: dict[str, int] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)


@contextmanager
def signs_of(spec: JobSpec) -> Iterator[Signs]:
    """Write files where a job is to write, for the length of a block.

    Raises
    ------
    JobError
        If a file is missing, or one cannot be written.
    SharedFolderError
        If a shared folder cannot be used from here, or does not hold a survey.
    """
    with _signs_in_folders(spec) as sizes, _signs_in_shared(spec) as shared:
        yield Signs(sizes, shared)


def place_of(missing: str) -> Path:
    """What the user knows of it: the file, or the folder that a sign was put into."""
    path = Path(missing)
    return path.parent if path.name.startswith(SIGN) else path


@contextmanager
def _signs_in_folders(spec: JobSpec) -> Iterator[dict[str, int]]:
    """Those of surveys that are used where they are."""
    used = [survey for survey in spec.surveys if survey.shared is None]
    folders = {one.prediction.parent for one in used if one.prediction is not None}
    signs = [folder / _new() for folder in folders]
    try:
        for sign in signs:
            sign.parent.mkdir(parents=True, exist_ok=True)
            sign.write_bytes(SEEN)
        looked_for = [*(survey.segy for survey in used), *signs]
        sizes = {str(path): path.stat().st_size for path in looked_for}
    except OSError as error:
        raise JobError(f"{error.filename}: {error.strerror}.") from error
    try:
        yield sizes
    finally:
        for sign in signs:
            sign.unlink(missing_ok=True)


@contextmanager
def _signs_in_shared(spec: JobSpec) -> Iterator[dict[str, str]]:
    """Those of surveys that are shared, which must be there as a whole."""
    shared = [survey for survey in spec.surveys if survey.shared is not None]
    signs: dict[str, str] = {}
    try:
        for url in {survey.shared.folder for survey in shared if survey.shared is not None}:
            SharedFolder(url).check()
            signs[url] = _new()
            SharedFolder(url).write(signs[url], SEEN)
        for survey in shared:
            read_shared(survey)
        yield signs
    finally:
        for url, sign in signs.items():
            with suppress(SharedFolderError):
                SharedFolder(url).remove(sign)


def _new() -> str:
    return f"{SIGN}{uuid.uuid4().hex}"
