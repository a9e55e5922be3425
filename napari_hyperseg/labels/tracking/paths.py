"""Least-cost paths through costs of (lane, trace, offset), and how sure they are.

Both by dynamic programming: the least sum over all paths, and the sum of all their likelihoods.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]

TEMPERATURE = 0.25  # cost at which a path is e times less likely
NEAR = 1  # offset


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


def certainty(
    costs: Costs,
    path: NDArray[np.intp],
    jump_cost: float,
    *,
    begin: int | None = None,
    steepest: int | None = None,
) -> NDArray[np.float64]:
    """Tell how likely the true path is near another one, trace by trace.

    Paths are the less likely the more they cost (the forward-backward algorithm; Rabiner,
    Proc. IEEE 77, 1989, equations 19 to 27)::

        likelihood(path) = exp(-cost(path) / TEMPERATURE)

    Parameters
    ----------
    costs : ndarray of float32, shape (n_lanes, n_traces, n_offsets)
    path : ndarray of int, shape (n_lanes, n_traces)
    jump_cost : float
    begin : int, optional
        Offset just before the first trace; by default any.
    steepest : int, optional
        Largest jump, in offsets.

    Returns
    -------
    ndarray of float, shape (n_lanes, n_traces)
        Likelihood of all paths within `NEAR` of this one, over that of all.
    """
    n = costs.shape[2]
    jumps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    ways = np.exp(-jump_cost * jumps / TEMPERATURE)
    ways[jumps > (n if steepest is None else steepest)] = 0
    alone = np.exp(-costs.astype(np.float64) / TEMPERATURE).swapaxes(0, 1)
    until, after = np.empty_like(alone), np.empty_like(alone)
    now = np.full((costs.shape[0], n), 1.0) if begin is None else ways[[begin]]
    for t, likely in enumerate(alone):
        until[t] = now = _scaled(now * likely)
        now = now @ ways
    now = np.ones_like(until[0])
    for t in range(len(alone) - 1, -1, -1):
        after[t] = now
        now = _scaled(now * alone[t]) @ ways
    here = _scaled(until * after).swapaxes(0, 1)
    near = np.abs(np.arange(n) - path[..., None]) <= NEAR
    return np.where(near, here, 0).sum(axis=2)


def _scaled(likelihoods: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale to a sum of 1 along the last axis; where no path is possible, stay at 0."""
    return likelihoods / np.maximum(likelihoods.sum(axis=-1, keepdims=True), 1e-300)
