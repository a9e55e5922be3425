"""Which labelled traces training must not see, so that the live figures are honest.

Whole patches of neighbouring traces are held out, chosen by a hash of their place: labels
added later never move a patch from one side to the other by themselves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PATCH_TRACES = 8
HELD_OUT_SHARE = 0.15


def held_out_traces(labelled: NDArray[np.bool_], seed: int) -> NDArray[np.bool_]:
    """Choose about 15 % of the labelled patches.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
        Traces that carry any label.
    seed : int
        Another seed, another choice.

    Returns
    -------
    ndarray of bool, shape (n_inlines, n_crosslines)
        A part of `labelled`: never all of it, and empty where there are fewer than four
        patches.
    """
    patch_of = _patch_numbers(labelled.shape)
    patches = np.unique(patch_of[labelled])
    if patches.size < 4:
        return np.zeros_like(labelled)
    order = patches[np.argsort(_hash(patches, seed), kind="stable")]
    chosen = order[: max(1, round(HELD_OUT_SHARE * patches.size))]
    return labelled & np.isin(patch_of, chosen)


def _patch_numbers(shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Number of the square patch that each trace lies in."""
    rows, columns = (np.arange(size) // PATCH_TRACES for size in shape)
    return rows[:, None] * (2**20) + columns[None, :]


def _hash(numbers: NDArray[np.int64], seed: int) -> NDArray[np.uint64]:
    """Mix the bits of each number (the finaliser of SplitMix64, Steele et al. 2014)."""
    z = numbers.astype(np.uint64) + np.uint64((seed + 1) * 0x9E3779B97F4A7C15 % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
