"""Which labelled traces training must not see, so that the live figures are honest.

Whole patches of neighbouring traces are held out, one in seven, chosen by their place alone:
labels added elsewhere never take a patch from training to the held-out side, where it would
be scored on what it has learnt.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PATCH_TRACES = 8
ONE_IN = 7
_KNIGHT = np.array([2, 3])  # moves between held-out patches: one in seven along every line
FEWEST_PATCHES = 4


def held_out_traces(labelled: NDArray[np.bool_], seed: int) -> NDArray[np.bool_]:
    """Choose a seventh of the labelled patches, spread as evenly as can be.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
        Traces that carry any label.
    seed : int
        Moves the pattern; modulo seven.

    Returns
    -------
    ndarray of bool, shape (n_inlines, n_crosslines)
        A part of `labelled`: never all of it, and empty where there are fewer than four
        patches.

    Notes
    -----
    Where no labelled patch is in the pattern, or all are, the one nearest to it is held out.
    """
    held_out = np.zeros_like(labelled)
    patches = np.unique(np.argwhere(labelled) // PATCH_TRACES, axis=0)
    if len(patches) < FEWEST_PATCHES:
        return held_out
    place = (patches @ _KNIGHT + seed) % ONE_IN
    chosen = place == 0
    if chosen.all() or not chosen.any():
        chosen = np.arange(len(patches)) == place.argmin()
    for corner in patches[chosen] * PATCH_TRACES:
        patch = tuple(slice(start, start + PATCH_TRACES) for start in corner)
        held_out[patch] = labelled[patch]
    return held_out
