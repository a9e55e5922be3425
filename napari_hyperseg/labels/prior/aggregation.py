"""Surfaces of least cost: semi-global matching over (inline, crossline, offset).

Costs are gathered along eight directions over the map, each as a least-cost path whose jumps cost
something, but never more than a fault is worth; their mean says how good every offset is
(Hirschmueller, IEEE Trans. PAMI 30, 2008, equations 11 to 14).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]

ASIDES = {0: (-1, 0, 1), 1: (0,)}  # traces aside of each step along an axis, there and back
DIRECTIONS = 2 * sum(len(asides) for asides in ASIDES.values())


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
    for axis, asides in ASIDES.items():
        lines, gathered = np.moveaxis(costs, axis, 0), np.moveaxis(total, axis, 0)
        reached: Costs | None = None  # there and back, from each side
        for there, back in zip(range(len(lines)), reversed(range(len(lines))), strict=True):
            here = np.stack([lines[there], lines[back]])[:, None]
            if reached is None:
                reached = np.repeat(here, len(asides), axis=1)
            else:
                reached = here + _aside(_left(reached, jump_cost, fault_cost), asides)
            gathered[there] += reached[0].sum(axis=0)
            gathered[back] += reached[1].sum(axis=0)
    return total / np.float32(DIRECTIONS)


def _left(before: Costs, jump_cost: float, fault_cost: float) -> Costs:
    """Cost of coming to each offset from the trace before, over that of the best one there."""
    cheapest = before - before.min(axis=-1, keepdims=True)
    jump = 1
    while jump <= min(fault_cost / jump_cost, before.shape[-1] - 1):
        cheapest = _with_jumps(cheapest, jump, np.float32(jump * jump_cost))
        jump *= 2  # and so one after the other: jumps of any length
    return np.minimum(cheapest, np.float32(fault_cost), out=cheapest)


def _with_jumps(costs: Costs, jump: int, dearer: np.float32) -> Costs:
    """Let every offset be reached from those a jump away."""
    reached, arrived = costs + dearer, costs.copy()
    np.minimum(arrived[..., jump:], reached[..., :-jump], out=arrived[..., jump:])
    np.minimum(arrived[..., :-jump], reached[..., jump:], out=arrived[..., :-jump])
    return arrived


def _aside(costs: Costs, asides: tuple[int, ...]) -> Costs:
    """Take every trace's costs so many traces further along the line; none come to the first."""
    moved = np.zeros_like(costs)
    for number, step in enumerate(asides):
        if step > 0:
            moved[:, number, step:] = costs[:, number, :-step]
        elif step < 0:
            moved[:, number, :step] = costs[:, number, -step:]
        else:
            moved[:, number] = costs[:, number]
    return moved
