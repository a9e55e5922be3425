"""Traces that spell where they are, for SEG-Y files made in tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

N_SAMPLES = 12


def address(inline: int, crossline: int) -> np.ndarray:
    """A trace that spells where it is, exact as int16 when the numbers are small."""
    return 1000 * inline + 100 * crossline + np.arange(N_SAMPLES)


def grid_positions(inlines: Sequence[int], crosslines: Sequence[int]) -> list[tuple[int, int]]:
    """All positions, inline by inline."""
    return [(inline, crossline) for inline in inlines for crossline in crosslines]


def two_ways(trace: int) -> dict[int, int]:
    """Fields by which 24 traces are 4 x 6 lines (bytes 5 and 21) and 3 x 8 (9 and 13) as well."""
    return {5: 1 + trace // 6, 21: 1 + trace % 6, 9: 1 + trace // 8, 13: 1 + trace % 8}


def no_way(trace: int) -> dict[int, int]:
    """Fields of up to 300 traces that no pair of bytes makes a grid of."""
    numbers = np.random.default_rng(1).integers(1, 10_000, (300, 2))
    return {189: int(numbers[trace, 0]), 193: int(numbers[trace, 1])}
