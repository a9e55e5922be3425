"""Volumes a few inlines at a time: a prediction's chunk, so that none need fit in memory."""

from __future__ import annotations

from collections.abc import Iterator

BLOCK = 64  # inlines


def row_blocks(n_inlines: int) -> Iterator[slice]:
    """Return the inlines in blocks, from the first to the last."""
    return (slice(i, min(i + BLOCK, n_inlines)) for i in range(0, n_inlines, BLOCK))
