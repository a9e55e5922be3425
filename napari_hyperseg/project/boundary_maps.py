"""Where a prediction has the boundaries between its classes, and how sure it is there.

Works on the prediction store 64 inlines at a time, a chunk of it: it need not fit in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order, order_of, ranks_of
from napari_hyperseg.labels.targets import boundary_positions

if TYPE_CHECKING:
    from napari_hyperseg.project.predictions import Prediction
    from napari_hyperseg.survey.survey import Volume

_BLOCK = 64
Progress = Callable[[int, int], object]


@dataclass(frozen=True, eq=False)
class BoundaryMap:
    """One boundary of a prediction.

    Parameters
    ----------
    positions : ndarray of float32, shape (n_inlines, n_crosslines)
        Index of the first sample below; NaN where a trace is not predicted or does not pass it.
    confidence : ndarray of float32, same shape
        Mean confidence of the last sample above and the first one below, 0 to 1.
    """

    positions: NDArray[np.float32]
    confidence: NDArray[np.float32]


def boundary_maps(
    prediction: Prediction,
    order: Order,
    boundaries: Sequence[int] | None = None,
    progress: Progress = lambda done, total: None,
) -> list[BoundaryMap]:
    """Map boundaries.

    Parameters
    ----------
    prediction : Prediction
    order : tuple of int
        Codes from top to bottom, as far as they are said.
    boundaries : sequence of int, optional
        Which: 1 is that below the first class, and so on; by default all.
    progress : callable, optional
        Told how many of how many inlines are done; may raise to end it.

    Returns
    -------
    list of BoundaryMap
    """
    wanted = range(1, prediction.n_classes) if boundaries is None else boundaries
    ranks = ranks_of(order_of(order, prediction.n_classes))
    shape = prediction.facies.shape
    found = np.full((len(wanted), 2, *shape[:2]), np.nan, np.float32)
    for start in range(0, shape[0], _BLOCK):
        progress(start, shape[0])
        rows = slice(start, min(start + _BLOCK, shape[0]))
        ranked = ranks[_block(prediction.facies, rows)]
        sure = _block(prediction.confidence, rows)
        for number, upper in enumerate(wanted):
            found[number, :, rows] = _one(ranked, sure, upper)
    progress(shape[0], shape[0])
    return [BoundaryMap(*grids) for grids in found]


def _one(
    ranked: NDArray[np.uint8], sure: NDArray[np.uint8], upper: int
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Positions and confidence; NaN, too, where a sample beside the boundary is not predicted."""
    positions = boundary_positions(ranked, upper)
    i, j = np.nonzero(np.isfinite(positions))
    below = positions[i, j].astype(np.intp)
    known = (ranked[i, j, below] > 0) & (ranked[i, j, below - 1] > 0)
    positions[i[~known], j[~known]] = np.nan
    confidence = np.full_like(positions, np.nan)
    i, j, below = i[known], j[known], below[known]
    pair = sure[i, j, below].astype(np.float32) + sure[i, j, below - 1]
    confidence[i, j] = pair / 200
    return positions, confidence


def _block(volume: Volume, rows: slice) -> NDArray[np.uint8]:
    return np.asarray(volume[rows])
