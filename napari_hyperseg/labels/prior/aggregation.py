"""Surfaces of least cost: semi-global matching over (inline, crossline, offset).

Costs are gathered along eight directions over the map, each as a least-cost path whose jumps cost
something, but never more than a fault is worth; their mean says how good every offset is
(Hirschmueller, IEEE Trans. PAMI 30, 2008, equations 11 to 14).  On 2D lines there are two
directions; where lines cross, each is told what the other one has gathered.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]
Heights = NDArray[np.float64]
Ties = NDArray[np.intp]

ASIDES = {0: (-1, 0, 1), 1: (0,)}  # traces aside of each step along an axis, there and back
ROUNDS = 2  # in which lines tell each other


def aggregated(
    costs: Costs, jump_cost: float, fault_cost: float, axes: tuple[int, ...] = (0, 1)
) -> Costs:
    """Return the mean cost of the best paths through every offset of every trace.

    Parameters
    ----------
    costs : ndarray of float32, shape (n_inlines, n_crosslines, n_offsets)
    jump_cost : float
        Of a departure of one offset from one trace to the next.
    fault_cost : float
        Of any departure, at most.
    axes : tuple of int
        Along which traces are neighbours.

    Returns
    -------
    ndarray of float32, same shape
        Up to a constant on each trace.
    """
    total = np.zeros_like(costs)
    for axis in axes:
        asides = ASIDES[axis]
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
    return total / np.float32(sum(2 * len(ASIDES[axis]) for axis in axes))


def tied(costs: Costs, heights: Heights, ties: Ties, jump_cost: float, fault_cost: float) -> Costs:
    """Return the same on 2D lines that cross, each a row.

    Parameters
    ----------
    costs : ndarray of float32, shape (n_lines, n_traces, n_offsets)
    heights : ndarray of float, shape (n_lines, n_traces)
        Where the offsets of each trace are counted from, in samples.
    ties : ndarray of int, shape (n, 2, 2)
        Pairs of traces, (row, trace) each, that are at one place.
    jump_cost, fault_cost : float
        As for `aggregated`.
    """
    gathered = aggregated(costs, jump_cost, fault_cost, (1,))
    for _ in range(ROUNDS if len(ties) else 0):
        told = costs.copy()
        for here, there in ((0, 1), (1, 0)):
            own, other = tuple(ties[:, here].T), tuple(ties[:, there].T)
            np.add.at(
                told, own, _seen_from(heights[own] - heights[other], gathered[other], fault_cost)
            )
        gathered = aggregated(told, jump_cost, fault_cost, (1,))
    return gathered


def _seen_from(higher: Heights, costs: Costs, fault_cost: float) -> Costs:
    """What the offsets of some traces cost on others, whose heights are so much less."""
    n = costs.shape[1]
    worse = np.minimum(costs - costs.min(axis=1, keepdims=True), np.float32(fault_cost))
    at = np.arange(n) + higher[:, None]
    low = np.floor(at).astype(np.intp)
    share = (at - low).astype(np.float32)
    rows = np.arange(len(worse))[:, None]
    upper, lower = (worse[rows, np.clip(index, 0, n - 1)] for index in (low, low + 1))
    outside = (at < 0) | (at > n - 1)
    return np.where(outside, np.float32(fault_cost), upper + share * (lower - upper))


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
