"""Moving the labels of a section down its traces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def shifted(codes: NDArray[np.uint8], shifts: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Return the codes of a section, each trace moved down by some samples.

    Parameters
    ----------
    codes : ndarray of uint8, shape (n_traces, n_samples)
    shifts : ndarray of int, shape (n_traces,)
        Samples down; up where negative.

    Returns
    -------
    ndarray of uint8, same shape
        0, unlabelled, where nothing comes from within the section.
    """
    n_samples = codes.shape[1]
    source = np.arange(n_samples) - shifts[:, None]
    inside = (source >= 0) & (source < n_samples)
    taken = np.take_along_axis(codes, np.clip(source, 0, n_samples - 1), axis=1)
    return np.where(inside, taken, 0).astype(np.uint8)
