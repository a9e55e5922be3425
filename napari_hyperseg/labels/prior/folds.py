"""Which labelled traces are left out together: pieces of a line, or a well.

What is found for one of them must not know it: see `priors`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, distance_transform_edt, label

from napari_hyperseg.labels.running import running_axes

NEAR = 4  # lines on either side: what is nearer belongs to the same line
GAP = 16  # traces along a line
MOST_FOLDS = 5
SHORTEST = 8  # traces of a piece
FARTHER = 2  # folds between pieces side by side on neighbouring lines


def folds_of(labelled: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Deal pieces of the labelled lines, and wells, out into folds, neighbours into different ones.

    Pieces are so long that, without its own, a trace in one is about as far from the nearest label
    as traces without labels are: what is missed there is what will be missed elsewhere.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)

    Returns
    -------
    ndarray of uint8, same shape
        From 1; 0 where nothing is labelled.  All 1 where there is nothing to part.
    """
    groups = groups_of(labelled)
    folds = np.zeros(labelled.shape, np.intp)
    length = _usual_piece(labelled)
    for number in range(1, int(groups.max()) + 1):
        traces = np.argwhere(groups == number)
        along = traces[:, int(np.ptp(traces, axis=0).argmax())]
        pieces = (along - along.min()) // length
        folds[tuple(traces.T)] = (pieces + FARTHER * number) % MOST_FOLDS + 1
    return _renumbered(folds).astype(np.uint8)


def _usual_piece(labelled: NDArray[np.bool_]) -> int:
    """Twice the usual distance, in traces, of an unlabelled trace from a label."""
    if labelled.all():
        return SHORTEST
    far = distance_transform_edt(~labelled)[~labelled]
    return max(SHORTEST, round(2 * float(np.median(far))))


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
