"""Where water runs on a grid of elevations: depressions, receivers, what gathers downstream.

The loops over cells are plain Python: water has an order, and a grid of 512 x 512 takes a
second or two.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))


@dataclass(frozen=True)
class Drainage:
    """A tree of cells for each outlet at the edge of the grid.

    Parameters
    ----------
    receiver : ndarray of int, shape (cells,)
        Flat index of the neighbour that a cell drains to; an outlet drains to itself.
    order : ndarray of int, shape (cells,)
        Flat indices, every receiver before what drains to it.
    shape : (int, int)
    """

    receiver: NDArray[np.intp]
    order: NDArray[np.intp]
    shape: tuple[int, int]

    def accumulate(self, amount: NDArray) -> NDArray[np.float64]:
        """Sum an amount, per cell, over all that lies upstream and the cell itself."""
        total = np.asarray(amount, np.float64).ravel().tolist()
        receiver = self.receiver.tolist()
        for cell in reversed(self.order.tolist()):
            if receiver[cell] != cell:
                total[receiver[cell]] += total[cell]
        return np.array(total).reshape(self.shape)

    def at_channel(self, channel: NDArray[np.bool_], values: NDArray) -> NDArray[np.float64]:
        """Value at the channel cell, or else the outlet, that each cell drains to."""
        found = np.asarray(values, np.float64).ravel().tolist()
        receiver, in_channel = self.receiver.tolist(), channel.ravel().tolist()
        for cell in self.order.tolist():
            if not in_channel[cell]:
                found[cell] = found[receiver[cell]]
        return np.array(found).reshape(self.shape)


def drain(elevation: NDArray) -> Drainage:
    """Route water over a surface: every cell to its steepest lower neighbour (D8).

    Parameters
    ----------
    elevation : ndarray of float, shape (rows, columns)
    """
    filled = fill_depressions(elevation)
    best, receiver = np.zeros(filled.shape), np.arange(filled.size).reshape(filled.shape)
    indices, padded = np.pad(receiver, 1), np.pad(filled, 1, constant_values=np.inf)
    for down, right in NEIGHBOURS:
        window = np.s_[
            1 + down : 1 + down + filled.shape[0], 1 + right : 1 + right + filled.shape[1]
        ]
        fall = (filled - padded[window]) / np.hypot(down, right)
        steeper = fall > best
        best[steeper], receiver[steeper] = fall[steeper], indices[window][steeper]
    return Drainage(receiver.ravel(), np.argsort(filled, axis=None, kind="stable"), filled.shape)


def fill_depressions(elevation: NDArray) -> NDArray[np.float64]:
    """Raise cells until each has a way downhill to the edge of the grid.

    Priority flood with the smallest possible slope (Barnes, Lehman and Mulla 2014,
    doi:10.1016/j.cageo.2013.04.024).
    """
    padded = np.pad(elevation.astype(np.float64), 1)
    seen_grid, edge = np.ones(padded.shape, bool), np.ones(elevation.shape, bool)
    edge[1:-1, 1:-1] = False
    seen_grid[1:-1, 1:-1] = edge
    level, seen = padded.ravel().tolist(), seen_grid.ravel().tolist()
    offsets = [down * padded.shape[1] + right for down, right in NEIGHBOURS]
    queue = [(level[cell], cell) for cell in np.flatnonzero(np.pad(edge, 1)).tolist()]
    heapq.heapify(queue)
    while queue:
        height, cell = heapq.heappop(queue)
        lowest = math.nextafter(height, math.inf)
        for other in [cell + offset for offset in offsets]:
            if not seen[other]:
                seen[other] = True
                level[other] = max(level[other], lowest)
                heapq.heappush(queue, (level[other], other))
    return np.array(level).reshape(padded.shape)[1:-1, 1:-1]
