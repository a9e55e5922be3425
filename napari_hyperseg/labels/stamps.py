"""Labels on their way into a survey: boxes of codes, and which of their voxels they hold.

Owns how imports of every kind say what they label, a piece at a time, so that the memory they
need does not grow with the survey.  Knows no file, and does not write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Told = Callable[[int, int], object]
"""Is told how many of how many steps are done; what it raises ends the work."""

_CODES = 256


def unheard(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False)
class Stamp:
    """A box of labels.

    Parameters
    ----------
    start : tuple of int
        Indices (i, j, k) of its first voxel.
    codes : ndarray of uint8, three axes
        Facies codes, from 1 where they count.
    where : ndarray of bool, same shape
        The voxels to label; the others stay as they are.
    """

    start: tuple[int, int, int]
    codes: NDArray[np.uint8]
    where: NDArray[np.bool_]

    @property
    def box(self) -> tuple[slice, slice, slice]:
        """The slices of a volume that it covers."""
        i, j, k = (
            slice(first, first + size)
            for first, size in zip(self.start, self.codes.shape, strict=True)
        )
        return i, j, k


def section_stamps(
    sections: Iterable[tuple[int, NDArray[np.uint8]]], traces: NDArray[np.bool_]
) -> Iterator[Stamp]:
    """Make a stamp of each section along an inline that labels anything.

    Parameters
    ----------
    sections : iterable of (int, ndarray of uint8, shape (n_crosslines, n_samples))
        Index of the inline and its codes, 0 where they say nothing.
    traces : ndarray of bool, shape (n_inlines, n_crosslines)
        Where to label.
    """
    for i, codes in sections:
        where = (codes != 0) & traces[i, :, None]
        held = np.flatnonzero(where.any(axis=1))
        if held.size:
            across = slice(held[0], held[-1] + 1)
            yield Stamp((i, int(held[0]), 0), codes[None, across], where[None, across])


def where_unlabelled(stamps: Iterable[Stamp], labels: NDArray[np.uint8]) -> Iterator[Stamp]:
    """Keep of each stamp what falls on voxels without a label, and leave out empty ones."""
    for stamp in stamps:
        where = stamp.where & (labels[stamp.box] == 0)
        if where.any():
            yield replace(stamp, where=where)


@dataclass(frozen=True, eq=False)
class Tally:
    """How much some stamps label.

    Parameters
    ----------
    voxels : dict of int to int
        By code, of those that occur.
    on : ndarray of bool, shape (n_inlines, n_crosslines)
        Traces with any of them.
    """

    voxels: dict[int, int]
    on: NDArray[np.bool_]

    @property
    def traces(self) -> int:
        """How many traces that are."""
        return int(self.on.sum())

    @property
    def total(self) -> int:
        """Voxels of all codes."""
        return sum(self.voxels.values())


def tally(stamps: Iterable[Stamp], grid: tuple[int, int]) -> Tally:
    """Count voxels and traces of stamps that do not overlap.

    Parameters
    ----------
    stamps : iterable of Stamp
        Each is forgotten once it is counted.
    grid : tuple of int
        (n_inlines, n_crosslines).
    """
    voxels, traces = np.zeros(_CODES, np.int64), np.zeros(grid, bool)
    for stamp in stamps:
        i, j, _ = stamp.box
        traces[i, j] |= stamp.where.any(axis=2)
        for codes, where in zip(stamp.codes, stamp.where, strict=True):
            voxels += np.bincount(codes[where], minlength=_CODES)
    present = np.flatnonzero(voxels)
    return Tally({int(code): int(voxels[code]) for code in present}, traces)
