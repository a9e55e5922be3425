"""Which positions of a survey have a trace, small enough to be looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LARGEST = 300  # cells along an axis


def coverage(live: NDArray[np.bool_], largest: int = LARGEST) -> NDArray[np.float32]:
    """Return the share of positions with a trace, cell by cell.

    Parameters
    ----------
    live : ndarray of bool, shape (n_inlines, n_crosslines)
        Which positions have a trace.
    largest : int
        Cells along each axis, at most.

    Returns
    -------
    ndarray of float32, shape (n_rows, n_columns), 0 to 1
        Cells are as equal in size as the number of lines lets them be.
    """
    rows, columns = (np.linspace(0, n, min(n, largest) + 1).astype(int) for n in live.shape)
    counts = np.add.reduceat(live, rows[:-1], axis=0, dtype=np.int64)
    counts = np.add.reduceat(counts, columns[:-1], axis=1)
    sizes = np.diff(rows)[:, None] * np.diff(columns)
    return (counts / sizes).astype(np.float32)
