"""Least-cost paths through costs of (lane, trace, offset), by dynamic programming."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]


def least_cost_paths(costs: Costs, jump_cost: float) -> NDArray[np.intp]:
    """Find paths that begin at the middle offset just before the first trace, and end anywhere.

    A path's cost is the sum of the costs on it and of `jump_cost` for each offset that it moves
    from one trace to the next (Bellman's recursion).

    Parameters
    ----------
    costs : ndarray of float32, shape (n_lanes, n_traces, n_offsets)
    jump_cost : float

    Returns
    -------
    ndarray of int, shape (n_lanes, n_traces)
        Index of the offset.
    """
    n_lanes, n_traces, n = costs.shape
    offsets = np.arange(n)
    # jumps[from, 1, to]: the axis that is minimised over comes first, that is quick.
    jumps = (jump_cost * np.abs(offsets[:, None] - offsets)).astype(np.float32)[:, None, :]
    total = costs[:, 0] + jumps[n // 2]
    came_from = np.empty((n_traces - 1, n_lanes, n), np.intp)
    for t in range(1, n_traces):
        ways = total.T[:, :, None] + jumps
        came_from[t - 1] = ways.argmin(axis=0)
        total = ways.min(axis=0) + costs[:, t]
    path = np.empty((n_lanes, n_traces), np.intp)
    path[:, -1] = total.argmin(axis=1)
    lanes = np.arange(n_lanes)
    for t in range(n_traces - 1, 0, -1):
        path[:, t - 1] = came_from[t - 1, lanes, path[:, t]]
    return path
