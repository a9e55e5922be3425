"""Where picked lines cross a section, and by how much the two disagree there: the mistie.

Where two picked lines cross, one trace has one pick; what the other line says there is what it
says on both sides.  Knows times on a grid, no file and no window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_CROSSINGS = 0.25  # share of a section's traces: where more are crossed, a surface is picked


@dataclass(frozen=True)
class Crossings:
    """Picked lines that cross a section.

    Parameters
    ----------
    traces : ndarray of int, shape (n,)
        Index of the trace on the section.
    times : ndarray of float, shape (n,)
        What the crossing line says there, in the unit of the picks.
    misties : ndarray of float, shape (n,)
        What the section says, less that; NaN where the section says nothing beside the crossing.
    """

    traces: NDArray[np.intp]
    times: NDArray[np.float64]
    misties: NDArray[np.float64]


def crossings(times: NDArray[np.floating], axis: int, index: int) -> Crossings:
    """Find the picked lines that cross a section.

    Parameters
    ----------
    times : ndarray, shape (n_inlines, n_crosslines)
        Picks; NaN where there is none.
    axis : {0, 1}
        Of the section: 0 for an inline.
    index : int
        Of the section on that axis.
    """
    across = np.moveaxis(times, axis, 0)
    n_lines, n_traces = across.shape
    before = across[index - 1] if index > 0 else np.full(n_traces, np.nan)
    after = across[index + 1] if index + 1 < n_lines else np.full(n_traces, np.nan)
    sides = np.stack([before, after])
    needed = np.isfinite(sides).sum(axis=0) == (2 if 0 < index < n_lines - 1 else 1)
    traces = np.flatnonzero(needed)
    if traces.size > max(1, MOST_CROSSINGS * n_traces):
        traces = traces[:0]
    said = np.nanmean(sides[:, traces], axis=0) if traces.size else np.empty(0)
    own = _beside(across[index], traces)
    return Crossings(traces, said.astype(np.float64), own - said)


def _beside(line: NDArray[np.floating], traces: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return what a section says at traces by the picks beside them, NaN where there are none."""
    padded = np.concatenate([[np.nan], line, [np.nan]])
    sides = np.stack([padded[traces], padded[traces + 2]])
    there = np.isfinite(sides)
    sums = np.where(there, sides, 0).sum(axis=0)
    count = there.sum(axis=0)
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)
