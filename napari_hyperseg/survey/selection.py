"""What an index with integers and slices selects of a volume, axis by axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Box

Ranges = tuple[range, range, range]


@dataclass(frozen=True)
class Selection:
    """Positions along each axis, ascending, and what is still to be done with them.

    Parameters
    ----------
    ranges : tuple of range
        Positions, of positive step.
    finish : tuple
        Index that turns what was read at those positions into what was asked for.
    """

    ranges: Ranges
    finish: tuple[Any, ...]

    @property
    def extent(self) -> tuple[int, int, int]:
        """Number of positions along each axis."""
        i, j, k = map(len, self.ranges)
        return i, j, k

    def shaped(self, read: NDArray[Any]) -> NDArray[Any]:
        """What was read at all positions, in the order and with the axes that were asked for."""
        return np.asarray(read[self.finish])

    def within(self, box: Box) -> tuple[Ranges, tuple[slice, slice, slice]] | None:
        """Positions that lie in a box, and where they are among all; None if none does."""
        pairs = list(zip(self.ranges, box, strict=True))
        i, j, k = (_cut(positions, *bounds) for positions, bounds in pairs)
        if not (i and j and k):
            return None
        x, y, z = (
            slice(all_.index(some[0]), all_.index(some[0]) + len(some))
            for all_, some in zip(self.ranges, (i, j, k), strict=True)
        )
        return (i, j, k), (x, y, z)


def select(key: Any, shape: tuple[int, int, int]) -> Selection:
    """Read an index as numpy does.

    Parameters
    ----------
    key : integers, slices and ``...``
    shape : tuple of int
        Of the volume.

    Raises
    ------
    IndexError
        If an index is out of range or of another kind.
    """
    ranges: list[range] = []
    finish: list[slice | int] = []
    for part, n in zip(expand(key), shape, strict=True):
        if isinstance(part, slice):
            positions = range(n)[part]
            ranges.append(positions if positions.step > 0 else positions[::-1])
            finish.append(slice(None, None, 1 if positions.step > 0 else -1))
        else:
            at = range(n)[part]
            ranges.append(range(at, at + 1))
            finish.append(0)
    return Selection((ranges[0], ranges[1], ranges[2]), tuple(finish))


def expand(key: Any) -> tuple[Any, Any, Any]:
    """Write an index out for three axes: ``...`` and what is left out become full slices.

    Raises
    ------
    IndexError
        If it holds anything but integers and slices.
    """
    keys = key if isinstance(key, tuple) else (key,)
    if Ellipsis in [part for part in keys if not isinstance(part, np.ndarray)]:
        at = keys.index(Ellipsis)
        keys = (*keys[:at], *[slice(None)] * (4 - len(keys)), *keys[at + 1 :])
    keys = (*keys, *[slice(None)] * (3 - len(keys)))
    if len(keys) > 3 or not all(isinstance(part, slice | int | np.integer) for part in keys):
        raise IndexError(f"Index a survey with integers and slices along 3 axes, not {key!r}.")
    return keys


def _cut(positions: range, start: int, stop: int) -> range:
    """The positions between two bounds."""
    first, step = positions.start, positions.step
    low = max(0, math.ceil((start - first) / step))
    high = max(low, math.ceil((stop - first) / step))
    return positions[low:high]
