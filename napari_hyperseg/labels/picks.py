"""Picks of a horizon: what the interpreter said of it, trace by trace."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.editing.editable import EditableArray

Times = NDArray[np.float32]
Kinds = NDArray[np.uint8]


class PickKind(IntEnum):
    """Where a pick came from."""

    NONE = 0
    SEED = 1  # clicked
    DRAWN = 2  # dragged
    TRACKED = 3  # along a section, from seeds
    IMPORTED = 4  # from a horizon file
    ERASED = 5  # no pick: there is no horizon, whatever its surface says


def picked_times(times: NDArray[np.floating], kinds: Kinds) -> Times:
    """Return the times of picks; NaN where there is none."""
    picked = (kinds != PickKind.NONE) & (kinds != PickKind.ERASED)
    return np.where(picked, times, np.nan).astype(np.float32)


def read_picks(times: Path, kinds: Path, shape: tuple[int, ...]) -> tuple[Times, Kinds] | None:
    """Map the files of a horizon's picks; None where there are none.

    Parameters
    ----------
    times, kinds : Path
        ``.npy`` files of float32 and uint8.
    shape : tuple of int
        (n_inlines, n_crosslines), which they must have.

    Raises
    ------
    LabelError
        If a file is damaged.
    """
    if not (times.exists() and kinds.exists()):
        return None
    return (
        EditableArray(times, shape, "float32", create=False).values,
        EditableArray(kinds, shape, "uint8", create=False).values,
    )
