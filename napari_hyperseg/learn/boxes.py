"""Boxes of a volume: how large, where, in which order.

Pure index arithmetic along (inline, crossline, sample).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import numpy as np

from napari_hyperseg.survey.geometry import Box

Shape = tuple[int, int, int]


def whole(shape: Shape) -> Box:
    """The box of everything."""
    i, j, k = shape
    return (0, i), (0, j), (0, k)


def size(box: Box) -> int:
    """Number of voxels."""
    return int(np.prod([stop - start for start, stop in box]))


def extent(box: Box) -> Shape:
    """Number of voxels along each axis."""
    i, j, k = (stop - start for start, stop in box)
    return i, j, k


def slab_shape(shape: Shape, voxels: int) -> Shape:
    """Shape of a training block: a slab that lies along a labelled line.

    Labels mostly come as lines, and a slab holds more of one than a cube does.  It has the
    full height where it can, and is four times as long as it is thick.

    Parameters
    ----------
    shape : tuple of int
        The survey's.
    voxels : int
        The budget.

    Returns
    -------
    tuple of int
        Extent across the line, along it, and in time; the whole survey, whichever way it
        lies, if that is within the budget.
    """
    n_i, n_j, n_k = shape
    short, long = min(n_i, n_j), max(n_i, n_j)
    if n_i * n_j * n_k <= voxels:
        return long, long, n_k
    across, along = min(short, 8), min(long, 16)
    height = min(n_k, max(16, voxels // (across * along)))
    traces = voxels // height
    across = min(short, max(across, math.isqrt(traces // 4)))
    return across, min(long, max(along, traces // across)), height


def tiles(shape: Shape, tile: Shape) -> list[Box]:
    """Cut a volume into boxes of at most `tile`, without overlap."""
    spans = [
        [(start, min(start + step, extent)) for start in range(0, extent, step)]
        for extent, step in zip(shape, tile, strict=True)
    ]
    return [(i, j, k) for i, j, k in product(*spans)]


def halves(box: Box) -> tuple[Box, Box]:
    """Cut a box in two across its longest axis."""
    axis = max(range(3), key=lambda a: box[a][1] - box[a][0])
    start, stop = box[axis]
    middle = (start + stop) // 2
    first, second = list(box), list(box)
    first[axis], second[axis] = (start, middle), (middle, stop)
    return (first[0], first[1], first[2]), (second[0], second[1], second[2])


def grown(box: Box, halo: Sequence[int], shape: Shape) -> Box:
    """Add a halo on every side, as far as the volume goes."""
    i, j, k = (
        (max(0, start - margin), min(extent, stop + margin))
        for (start, stop), margin, extent in zip(box, halo, shape, strict=True)
    )
    return i, j, k


def aligned(box: Box, multiple: Sequence[int]) -> Box:
    """Begin earlier, at a multiple along each axis."""
    i, j, k = (
        (start - start % unit, stop) for (start, stop), unit in zip(box, multiple, strict=True)
    )
    return i, j, k


def inside(box: Box, outer: Box) -> Box:
    """The same box in indices counted from the corner of `outer`."""
    i, j, k = ((a - c, b - c) for (a, b), (c, _) in zip(box, outer, strict=True))
    return i, j, k


def moved(box: Box, origin: Box) -> Box:
    """The box that lies in the volume as this one lies in `origin`: the way back from `inside`."""
    i, j, k = ((a + o, b + o) for (a, b), (o, _) in zip(box, origin, strict=True))
    return i, j, k


def section(shape: Shape, axis: int, index: int) -> Box:
    """The one-sample-thick box of a section."""
    spans = list(whole(shape))
    index = min(max(index, 0), shape[axis] - 1)
    spans[axis] = (index, index + 1)
    i, j, k = spans
    return i, j, k


def distance(box: Box, axis: int, index: int) -> int:
    """Samples between a box and a section; 0 where the section cuts it."""
    start, stop = box[axis]
    return max(start - index, index - (stop - 1), 0)
