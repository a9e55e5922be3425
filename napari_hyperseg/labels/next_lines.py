"""Which lines to label next: those that would settle most of what is expected to be wrong.

A label makes sure of its surroundings: where the nearest label is half as far away as before,
half as much is taken to be wrong.  So a line is worth what it comes nearer to, weighed by how
unsure that is; lines through doubtful ground far from all labels come first, and a line beside
a labelled one is worth little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

Map = NDArray[np.float64]


@dataclass(frozen=True)
class NextLine:
    """A line that is worth labelling.

    Parameters
    ----------
    axis : int
        0: an inline, 1: a crossline.
    index : int
        Where it cuts that axis.
    share : float
        Of all that is expected to be wrong, how much it would settle, 0 to 1.
    """

    axis: int
    index: int
    share: float

    @property
    def place(self) -> tuple[int, int]:
        """Axis and index, as `LabelledLine.place`."""
        return self.axis, self.index


def next_lines(wrong: Map, labelled: NDArray[np.bool_], count: int) -> tuple[NextLine, ...]:
    """Choose lines one after the other, each as if those before it were labelled.

    Parameters
    ----------
    wrong : ndarray of float, shape (n_inlines, n_crosslines)
        Samples of each trace that are expected to be wrong; 0 where there is no trace.
    labelled : ndarray of bool, same shape
        Traces that carry labels.
    count : int
        How many lines at most; fewer where nothing is left to settle.
    """
    left, far = np.where(labelled, 0.0, wrong), _distances(labelled)
    whole = float(left.sum())
    chosen: list[NextLine] = []
    while len(chosen) < count:
        gains = [line_gains(left, far, axis) for axis in (0, 1)]
        axis = int(gains[1].max() > gains[0].max())
        index = int(gains[axis].argmax())
        gain = float(gains[axis][index])
        if not gain > 1e-6 * whole:
            break
        chosen.append(NextLine(axis, index, gain / whole))
        near = np.minimum(_from_line(far.shape, axis, index), far)
        left, far = left * near / np.maximum(far, 1.0), near
    return tuple(chosen)


def line_gains(wrong: Map, far: Map, axis: int) -> NDArray[np.float64]:
    """Return what each line across an axis would settle.

    A trace at distance d from the nearest label, d from a line, gives wrong * (1 - d_line / d) to
    it: a triangle over the lines within d.  Triangles are summed by their second differences.

    Parameters
    ----------
    wrong : ndarray of float, shape (n_inlines, n_crosslines)
    far : ndarray of float, same shape
        Traces from the nearest label, in whole numbers.
    axis : int

    Returns
    -------
    ndarray of float, shape (n_inlines,) or (n_crosslines,)
    """
    i = np.broadcast_to(np.expand_dims(np.arange(wrong.shape[axis]), 1 - axis), wrong.shape)
    unsettled = (far > 0) & (wrong > 0)
    at, reach, height = i[unsettled], far[unsettled].astype(np.intp), wrong[unsettled]
    if not at.size:
        return np.zeros(wrong.shape[axis])
    before = int(reach.max())
    bends = np.zeros(wrong.shape[axis] + 2 * before + 2)
    for place, slope in ((-reach, 1), (0, -2), (reach, 1)):
        np.add.at(bends, at + before + place + 1, slope * height / reach)
    gains = np.cumsum(np.cumsum(bends))
    return gains[before : before + wrong.shape[axis]].clip(0)


def _distances(labelled: NDArray[np.bool_]) -> Map:
    """Traces from the nearest label, rounded; the survey's extent where there is none."""
    if not labelled.any():
        return np.full(labelled.shape, float(max(labelled.shape)))
    distances: Map = np.rint(distance_transform_edt(~labelled))
    return distances


def _from_line(shape: tuple[int, ...], axis: int, index: int) -> Map:
    distances = np.abs(np.arange(shape[axis]) - float(index))
    return np.broadcast_to(np.expand_dims(distances, 1 - axis), shape)
