"""Replace files and folders so that a reader sees the old one or the new one, whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write; then sync it and rename it to `path`.

    When the block raises, what was written is removed and `path` stays as it was.

    Raises
    ------
    OSError
        If the file cannot be written or renamed.
    """
    beside = _beside(path, "partial")
    try:
        yield beside
        _sync(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a folder beside `path` to fill; then sync its files and rename it to `path`.

    A folder cannot be renamed over another: the former one is put aside, and back if that
    fails.  When the block raises, what was written is removed and `path` stays as it was.

    Raises
    ------
    OSError
        If a file cannot be written, or a folder not renamed.
    """
    beside, former = _beside(path, "partial"), _beside(path, "former")
    try:
        beside.mkdir()
        yield beside
        for file in beside.rglob("*"):
            if file.is_file():
                _sync(file)
        _exchange(beside, path, former)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def _exchange(beside: Path, path: Path, former: Path) -> None:
    if path.exists():
        path.replace(former)
    try:
        beside.replace(path)
    except BaseException:
        if former.exists():
            former.replace(path)
        raise


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{what}")


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
