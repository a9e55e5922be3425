"""Surfaces of least cost: semi-global matching over (inline, crossline, offset).

Costs are gathered along eight directions over the map, each as a least-cost path whose jumps cost
something, but never more than a fault is worth; their mean says how good every offset is
(Hirschmueller, IEEE Trans. PAMI 30, 2008, equations 11 to 14).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]

DIRECTIONS = tuple((di, dj) for di in (-1, 0, 1) for dj in (-1, 0, 1) if di or dj)


def aggregated(costs: Costs, jump_cost: float, fault_cost: float) -> Costs:
    """Return the mean cost of the best paths through every offset of every trace.

    Parameters
    ----------
    costs : ndarray of float32, shape (n_inlines, n_crosslines, n_offsets)
    jump_cost : float
        Of a departure of one offset from one trace to the next.
    fault_cost : float
        Of any departure, at most.

    Returns
    -------
    ndarray of float32, same shape
        Up to a constant on each trace.
    """
    total = np.zeros_like(costs)
    for direction in DIRECTIONS:
        for here, reached in _rows(costs, direction, jump_cost, fault_cost):
            total[here] += reached
    return total / np.float32(len(DIRECTIONS))


def _rows(
    costs: Costs, direction: tuple[int, int], jump_cost: float, fault_cost: float
) -> Iterator[tuple[tuple[slice | int, ...], Costs]]:
    """Go through the map along a direction, a line of traces at a time."""
    di, dj = direction
    axis, step, aside = (0, di, dj) if di else (1, dj, 0)
    before: Costs | None = None
    for number in range(costs.shape[axis])[::step]:
        here = (number,) if axis == 0 else (slice(None), number)
        reached = costs[here]
        if before is not None:
            reached = reached + _aside(_left(before, jump_cost, fault_cost), aside)
        yield here, reached
        before = reached


def _left(before: Costs, jump_cost: float, fault_cost: float) -> Costs:
    """Cost of coming to each offset from the trace before, over that of the best one there."""
    best = before.min(axis=1, keepdims=True)
    cheapest = before - best
    jump = 1
    while jump <= min(fault_cost / jump_cost, before.shape[1] - 1):
        cheapest = _with_jumps(cheapest, jump, np.float32(jump * jump_cost))
        jump *= 2  # and so one after the other: jumps of any length
    return np.minimum(cheapest, np.float32(fault_cost), out=cheapest)


def _with_jumps(costs: Costs, jump: int, dearer: np.float32) -> Costs:
    """Let every offset be reached from those a jump away."""
    reached, arrived = costs + dearer, costs.copy()
    np.minimum(arrived[:, jump:], reached[:, :-jump], out=arrived[:, jump:])
    np.minimum(arrived[:, :-jump], reached[:, jump:], out=arrived[:, :-jump])
    return arrived


def _aside(costs: Costs, step: int) -> Costs:
    """Take every trace's costs one trace further along the line; nothing comes to the first."""
    if not step:
        return costs
    moved = np.zeros_like(costs)
    if step > 0:
        moved[1:] = costs[:-1]
    else:
        moved[:-1] = costs[1:]
    return moved
