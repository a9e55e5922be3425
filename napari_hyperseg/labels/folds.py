"""Which labels are left out together, so that what is made of the others can be scored on them.

Square patches of the map go into seven folds, like a knight's moves on a board, by their place
alone: labels added elsewhere never take a patch from one fold to another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

FOLDS = 7
HELD_OUT = 1  # the fold that training never sees
SMALLEST, LARGEST = 8, 1024  # traces along the side of a patch
FEWEST_PATCHES = 4  # labelled ones, to be parted
_KNIGHT = np.array([2, 3])  # moves from fold to fold: each one in seven along every line


def patch_side(labelled: NDArray[np.bool_], usual_distance: float | None = None) -> int:
    """Choose how large patches are.

    Without its patch, a labelled trace is about as far from the nearest label as traces without
    labels are from theirs: what is missed there is what will be missed elsewhere.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
        Traces that carry any label.
    usual_distance : float, optional
        Of traces without labels to the nearest label, in traces; by default, found on this map.

    Returns
    -------
    int
        A power of two; smaller where there would be fewer than four labelled patches.
    """
    side = SMALLEST
    if usual_distance is None and labelled.any() and not labelled.all():
        usual_distance = float(np.median(distance_transform_edt(~labelled)[~labelled]))
    if usual_distance:
        side = min(max(SMALLEST, 2 ** round(np.log2(2 * usual_distance))), LARGEST)
    while side > SMALLEST and len(patches(labelled, side)) < FEWEST_PATCHES:
        side //= 2
    return side


def patches(traces: NDArray[np.bool_], side: int) -> NDArray[np.intp]:
    """Return the numbers of the patches that hold any of some traces, shape (n, 2)."""
    return np.unique(np.argwhere(traces) // side, axis=0)


def folds_of(labelled: NDArray[np.bool_], side: int, seed: int) -> NDArray[np.uint8]:
    """Deal the labelled traces out into folds.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
    side : int
        Of a patch.
    seed : int
        Moves the pattern; modulo seven.

    Returns
    -------
    ndarray of uint8, same shape
        1 to 7; 0 where nothing is labelled.
    """
    i, j = (np.arange(n) // side * move for n, move in zip(labelled.shape, _KNIGHT, strict=True))
    fold = (i[:, None] + j + seed) % FOLDS + 1
    return np.where(labelled, fold, 0).astype(np.uint8)


def held_out_traces(folds: NDArray[np.uint8], side: int) -> NDArray[np.bool_]:
    """Choose what training must not see: the first fold, or a patch where that is none or all.

    Parameters
    ----------
    folds : ndarray of uint8, shape (n_inlines, n_crosslines)
        As from `folds_of`.
    side : int
        Of a patch.

    Returns
    -------
    ndarray of bool, same shape
        A part of the labelled traces: never all of them, and empty where there are fewer than
        four patches.
    """
    labelled = folds > 0
    chosen = folds == HELD_OUT
    if len(patches(labelled, side)) < FEWEST_PATCHES:
        return np.zeros_like(labelled)
    if chosen.any() and not (chosen == labelled).all():
        return chosen
    corner = np.argwhere(folds == folds[labelled].min())[0] // side * side
    patch = tuple(slice(start, start + side) for start in corner)
    chosen = np.zeros_like(labelled)
    chosen[patch] = labelled[patch]
    return chosen
