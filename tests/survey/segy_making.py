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
