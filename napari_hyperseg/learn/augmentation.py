"""Changes to a block that keep its geology true.

Line directions may be flipped and exchanged, the wavelet's phase turned and time stretched a
little; time is never flipped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import hilbert

Arrays = tuple[NDArray, ...]


def turned(arrays: Arrays, flips: Sequence[bool], *, exchange: bool) -> Arrays:
    """Flip and exchange the line directions, which come before the samples.

    Parameters
    ----------
    arrays : tuple of ndarray, each of shape (..., i, j, k)
    flips : pair of bool
        Whether inlines, and crosslines, come in reverse.
    exchange : bool
        Whether inlines become crosslines.
    """
    for axis, flip in zip((-3, -2), flips, strict=True):
        if flip:
            arrays = tuple(np.flip(array, axis) for array in arrays)
    return tuple(array.swapaxes(-3, -2) for array in arrays) if exchange else arrays


def with_phase(amplitude: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    """Turn the phase of traces: 90 degrees make a peak a zero crossing.

    Parameters
    ----------
    amplitude : ndarray of float32, shape (..., n_samples)
    degrees : float
    """
    turn = np.exp(1j * np.radians(degrees)).astype(np.complex64)
    rotated: NDArray[np.float32] = (hilbert(amplitude) * turn).real.astype(np.float32)
    return rotated


class Stretch:
    """Time that runs faster or slower about one of a block's samples.

    Parameters
    ----------
    n_samples : int
        Of the block.
    factor : float
        More than 1: layers become thicker.
    fixed : int
        The sample that stays where it is.
    """

    def __init__(self, n_samples: int, factor: float, fixed: int) -> None:
        at = fixed + (np.arange(n_samples) - fixed) / factor
        self.outside = (at < 0) | (at > n_samples - 1)
        at = at.clip(0, n_samples - 1)
        self._nearest = np.rint(at).astype(np.intp)
        self._low = np.floor(at).astype(np.intp)
        self._high = np.minimum(self._low + 1, n_samples - 1)
        self._share = (at - self._low).astype(np.float32)

    def between(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take values, shape (..., n_samples), linearly between samples; at the ends, the last."""
        low = values[..., self._low]
        low += self._share * (values[..., self._high] - low)
        return low

    def nearest(self, values: NDArray, beyond: float) -> NDArray:
        """Take the nearest sample's, shape (..., n_samples); `beyond` the block something else."""
        taken = values[..., self._nearest]
        taken[..., self.outside] = beyond
        return taken
