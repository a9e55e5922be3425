"""Changes to a block that keep its geology true.

Line directions may be flipped and exchanged, the wavelet's phase turned a little; time is never
flipped.  (Nor is it stretched: by 4 % either way, interpolated linearly or cubically, with the
times or without them, that cost the network alone about 0.03 of mean IoU on generated cubes.)
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
