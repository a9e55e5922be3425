"""In which direction labels run: along inlines, or along crosslines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

RUN_TRACES = 33  # labels within half of this decide


def running_axes(labelled: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return the axis along which labels run at each trace: 1 along an inline, else 0.

    Outside the survey there are none: those of a single row run along it, gaps or not.

    Parameters
    ----------
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
        Traces that hold any label.

    Returns
    -------
    ndarray of int8, same shape
    """
    shares = labelled.astype(np.float32)
    beside = [uniform_filter1d(shares, RUN_TRACES, axis=a, mode="constant") for a in (0, 1)]
    return (beside[1] >= beside[0]).astype(np.int8)
