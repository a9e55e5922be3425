"""Which labelled traces belong together: a line, or a well.

What is tracked for one of them must not know it: see `priors`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, label

from napari_hyperseg.labels.running import running_axes

NEAR = 4  # lines on either side: what is nearer belongs to the same line
GAP = 16  # traces along a line
MOST_FOLDS = 5
PARTS = 4  # of the only line there is


def folds_of(labelled: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Deal the labelled lines and wells out into folds, neighbours into different ones.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)

    Returns
    -------
    ndarray of uint8, same shape
        From 1; 0 where nothing is labelled.  All 1 where there is nothing to part.
    """
    groups = groups_of(labelled)
    if groups.max() == 1:
        groups = _parts_of(groups > 0)
    return np.where(groups > 0, (groups - 1) % MOST_FOLDS + 1, 0).astype(np.uint8)


def groups_of(labelled: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Number the labelled lines and wells from 1, by place; 0 where nothing is labelled."""
    groups = np.zeros(labelled.shape, np.intp)
    along = running_axes(labelled)
    for axis in (0, 1):
        here = labelled & (along == axis)
        width = [2 * NEAR + 1, 2 * NEAR + 1]
        width[axis] = 2 * GAP + 1
        found, _ = label(binary_dilation(here, np.ones(width, bool)), np.ones((3, 3)))
        groups[here] = found[here] + groups.max() * (found[here] > 0)
    return _renumbered(groups)


def _renumbered(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    numbers = np.unique(groups[groups > 0])
    return np.where(groups > 0, np.searchsorted(numbers, groups) + 1, 0)


def _parts_of(line: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Part the traces of one line along it."""
    traces = np.argwhere(line)
    extent = np.ptp(traces, axis=0)
    place = traces[:, int(extent.argmax())] - traces[:, int(extent.argmax())].min()
    length = int(extent.max()) + 1
    parts = np.zeros(line.shape, np.intp)
    if length >= PARTS * GAP:
        parts[tuple(traces.T)] = 1 + place * PARTS // length
        return parts
    return line.astype(np.intp)
