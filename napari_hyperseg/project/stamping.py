"""The one place where an import writes into a project's labels.

Owns that all of it is written or nothing; knows not where the labels come from.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from napari_hyperseg.labels.stamps import Stamp
    from napari_hyperseg.project.folder import Project

logger = logging.getLogger(__name__)

_Box = tuple[slice, slice, slice]


def apply(project: Project, key: str, stamps: Iterable[Stamp], words: str) -> None:
    """Write stamps into the labels of a survey, one after the other.

    Parameters
    ----------
    project : Project
    key : str
        The survey.
    stamps : iterable of Stamp
        Each is written before the next is asked for.  If one raises, or cannot be written,
        the labels are again what they were, and the error goes on.
    words : str
        What this is, such as "wells of tops.csv".

    Raises
    ------
    LabelError
        If the labels cannot be opened.
    """
    labels = project.labels(key)
    before: list[tuple[_Box, bytes | None]] = []
    try:
        for stamp in stamps:
            there = labels.codes[stamp.box]
            before.append((stamp.box, _packed(there)))
            np.copyto(there, stamp.codes, where=stamp.where)
    except BaseException:
        for box, packed in reversed(before):
            _put_back(labels.codes[box], packed)
        raise
    finally:
        labels.flush()
    logger.info("%s: %s, %d boxes", key, words, len(before))


def _packed(codes: NDArray[np.uint8]) -> bytes | None:
    """Keep labels small: None where there are none, which is nearly everywhere."""
    return zlib.compress(codes.tobytes(), 1) if codes.any() else None


def _put_back(there: NDArray[np.uint8], packed: bytes | None) -> None:
    """Write only what differs: what was a hole in the file stays one."""
    old = np.zeros(there.shape, np.uint8)
    if packed is not None:
        old = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(there.shape)
    np.copyto(there, old, where=there != old)
