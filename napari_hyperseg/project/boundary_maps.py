"""Where a prediction has the boundaries between its classes, and how sure it is there.

Works on the prediction store 64 inlines at a time, a chunk of it: it need not fit in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.boundary_levels import boundary_levels
from napari_hyperseg.labels.order import Order, order_of, ranks_of
from napari_hyperseg.project.row_blocks import row_blocks

if TYPE_CHECKING:
    from napari_hyperseg.project.predictions import Prediction
    from napari_hyperseg.survey.survey import Volume

Progress = Callable[[int, int], object]


@dataclass(frozen=True, eq=False)
class BoundaryMap:
    """One boundary of a prediction.

    Parameters
    ----------
    samples : ndarray of float32, shape (n_inlines, n_crosslines)
        Where it is, between samples; NaN where a trace is not predicted or does not pass it.
    sure : ndarray of float32, same shape
        How likely it lies within a sample and a half, 0 to 1; NaN where it does not.
    """

    samples: NDArray[np.float32]
    sure: NDArray[np.float32]


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
    for rows in row_blocks(shape[0]):
        progress(rows.start, shape[0])
        ranked = ranks[_block(prediction.facies, rows)]
        sure = _block(prediction.confidence, rows)
        for number, upper in enumerate(wanted):
            found[number, :, rows] = boundary_levels(ranked, sure, upper)
    progress(shape[0], shape[0])
    return [BoundaryMap(*grids) for grids in found]


def _block(volume: Volume, rows: slice) -> NDArray[np.uint8]:
    return np.asarray(volume[rows])
