"""Whether a model is being trained, by whichever process: a lock that goes when that ends."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

logger = logging.getLogger(__name__)

LOCK = ".in-training.lock"
_PATIENCE_S = 2.0  # who asks holds the lock for a moment


@contextmanager
def marked(folder: Path) -> Iterator[None]:
    """Say for the length of a block that the model of this folder is being trained.

    A former worker that is still saving may say the same: that hinders nobody.
    """
    lock = FileLock(folder / LOCK, timeout=_PATIENCE_S)
    try:
        lock.acquire()
    except (Timeout, OSError) as error:
        logger.info("%s: not marked as being trained: %s", folder, error)
    try:
        yield
    finally:
        lock.release()


def is_in_training(folder: Path) -> bool:
    """Whether some process is training the model of this folder."""
    if not (folder / LOCK).exists():
        return False
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False
