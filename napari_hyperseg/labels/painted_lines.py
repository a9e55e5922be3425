"""Which lines an interpreter labelled: the rule by which they are listed.

A stroke on inline 40 touches a trace of each of thirty crosslines, and is work on inline 40.
So every labelled trace belongs to one line: the one along which it is part of the longer
uninterrupted run of labelled traces; where both runs are as long, the one that carries more
labelled traces.  Lines to which traces belong are listed.  (Counting traces alone would not do:
dabs at one place of twenty inlines, ten apart, are more traces on one crossline than on any
inline.)  Labels that were painted on time slices (`slice_strokes`) are left out of this, and
list their slices.

The rule by which `evaluate` leaves lines out is a stricter one, in `lines`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.counts import LabelCounts
from napari_hyperseg.labels.slice_strokes import SliceStrokes

Lines = NDArray[np.intp]
INLINE, CROSSLINE, TIME_SLICE = range(3)


@dataclass(frozen=True)
class LabelledLine:
    """A line of the list.

    Parameters
    ----------
    axis : int
        0: an inline, 1: a crossline, 2: a time slice.
    index : int
        Where it cuts that axis.
    voxels : tuple of (int, int)
        Codes that occur on it, and how many of its voxels carry each.
    picks : tuple of (str, int)
        Horizons that are picked on it, from top to bottom, and on how many of its traces.
    """

    axis: int
    index: int
    voxels: tuple[tuple[int, int], ...]
    picks: tuple[tuple[str, int], ...] = ()

    @property
    def place(self) -> tuple[int, int]:
        """Axis and index; lines are listed in this order."""
        return self.axis, self.index


def list_lines(counts: LabelCounts, strokes: SliceStrokes) -> tuple[LabelledLine, ...]:
    """Return the lines that carry labels: inlines, crosslines, time slices.

    Parameters
    ----------
    counts : LabelCounts
    strokes : SliceStrokes
        Of the same labels, looked at after the last edit.
    """
    per_trace = counts.per_trace()
    inlines, crosslines = painted_lines(per_trace > strokes.per_trace())
    slices = np.flatnonzero(strokes.slices)
    kinds = ((INLINE, inlines), (CROSSLINE, crosslines), (TIME_SLICE, slices))
    return tuple(line for axis, indices in kinds for line in _counted(counts, axis, indices))


def painted_lines(labelled: NDArray[np.bool_]) -> tuple[Lines, Lines]:
    """Return the indices of the inlines and of the crosslines to which labelled traces belong.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
        Traces that hold labels.
    """
    along_inline, along_crossline = _runs(labelled), _runs(labelled.T).T
    i, j = np.nonzero(labelled)
    difference = along_inline[i, j] - along_crossline[i, j]
    carried = labelled.sum(axis=1)[i] - labelled.sum(axis=0)[j]
    of_inline = np.where(difference != 0, difference, carried) >= 0
    return np.unique(i[of_inline]), np.unique(j[~of_inline])


def _counted(counts: LabelCounts, axis: int, indices: Lines) -> list[LabelledLine]:
    voxels = counts.on_lines(axis, indices)
    table = np.stack(list(voxels.values()), axis=1).tolist() if voxels else []
    return [
        LabelledLine(
            axis, int(index), tuple((code, n) for code, n in zip(voxels, row, strict=True) if n)
        )
        for index, row in zip(indices, table, strict=False)
    ]


def _runs(labelled: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the length of the run of labelled traces along a row that each is part of."""
    n_rows, n_columns = labelled.shape
    apart = np.zeros((n_rows, n_columns + 1), bool)  # a gap at the end of each row
    apart[:, :-1] = labelled
    edges = np.flatnonzero(np.diff(apart.ravel(), prepend=False, append=False))
    lengths = np.zeros(apart.size, np.int32)
    starts, ends = edges[::2], edges[1::2]
    lengths[apart.ravel()] = np.repeat(ends - starts, ends - starts)
    return lengths.reshape(apart.shape)[:, :-1]
