"""One order for names that several wells have in an order of their own."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import pairwise


def common_order(
    sequences: Iterable[tuple[Sequence[int], Sequence[float]]],
) -> tuple[list[int], list[tuple[int, int]]]:
    """Merge the orders of wells.

    Parameters
    ----------
    sequences : iterable of (sequence of int, sequence of float)
        Names of a well by number, from top to bottom, and where they begin.

    Returns
    -------
    list of int
        All names: each above those that wells have below it.  What wells do not say, and where
        they contradict each other, the mean of where they begin decides.
    list of tuple of int
        Neighbours that wells have both ways round.
    """
    below: dict[int, set[int]] = {}
    sums: dict[int, list[float]] = {}
    for names, begins in sequences:
        for name, begin in zip(names, begins, strict=True):
            total = sums.setdefault(name, [0.0, 0.0])
            total[0] += begin
            total[1] += 1
        for upper, lower in pairwise(names):
            if upper != lower:
                below.setdefault(upper, set()).add(lower)
    mean = {name: total / count for name, (total, count) in sums.items()}
    contradictions = [
        (upper, lower)
        for upper, lowers in below.items()
        for lower in lowers
        if upper < lower and upper in below.get(lower, ())
    ]
    return _sorted(below, mean), sorted(contradictions)


def _sorted(below: dict[int, set[int]], mean: dict[int, float]) -> list[int]:
    """Sort topologically, the shallowest first; a circle is opened at its shallowest name."""
    above = dict.fromkeys(mean, 0)
    for lowers in below.values():
        for lower in lowers:
            above[lower] += 1
    free = [(mean[name], name) for name, count in above.items() if not count]
    heapq.heapify(free)
    rest = sorted(mean, key=lambda name: (mean[name], name))
    done: dict[int, None] = {}
    while len(done) < len(mean):
        if not free:
            first = next(name for name in rest if name not in done)
            heapq.heappush(free, (mean[first], first))
        _, name = heapq.heappop(free)
        if name in done:
            continue
        done[name] = None
        for lower in below.get(name, ()):
            above[lower] -= 1
            if not above[lower]:
                heapq.heappush(free, (mean[lower], lower))
    return list(done)
