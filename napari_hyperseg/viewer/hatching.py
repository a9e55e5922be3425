"""Hatching: parallel lines that fill rectangles on a section, evenly on the screen.

Pure arithmetic; knows no viewer.  Lines of neighbouring rectangles go on in each other.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.viewer.horizon_lines import NO_SEGMENTS, Segments

Rectangle = tuple[tuple[int, int], tuple[int, int]]
"""Half-open index ranges, (down, right)."""
MOST_LINES = 1000  # of a rectangle: beyond the canvas nobody sees them


def hatching(
    rectangles: Iterable[Rectangle], scale: tuple[float, float], spacing: float
) -> Segments:
    """Return lines that rise to the right through rectangles.

    Parameters
    ----------
    rectangles : iterable of Rectangle
    scale : tuple of float
        World units per index, (down, right).
    spacing : float
        Between two lines along an axis, in world units.

    Returns
    -------
    ndarray of float32, shape (n, 2, 2)
        Ends of the lines in array indices.
    """
    found = [_lines(one, np.asarray(scale), spacing) for one in rectangles]
    return np.concatenate(found) if found else NO_SEGMENTS


def _lines(rectangle: Rectangle, scale: NDArray[np.float64], spacing: float) -> Segments:
    """Where down + right, in world units, is a multiple of the spacing."""
    (top, bottom), (left, right) = (
        ((start - 0.5) * unit, (stop - 0.5) * unit)
        for (start, stop), unit in zip(rectangle, scale, strict=True)
    )
    extent = (bottom - top) + (right - left)
    spacing *= 2.0 ** np.ceil(np.log2(max(1.0, extent / spacing / MOST_LINES)))
    first, last = np.ceil((top + left) / spacing), np.floor((bottom + right) / spacing)
    sums = np.arange(first, last + 1) * spacing
    starts, stops = np.maximum(left, sums - bottom), np.minimum(right, sums - top)
    ends = np.stack([np.stack([sums - x, x], axis=1) for x in (starts, stops)], axis=1)
    lines: Segments = (ends / scale).astype(np.float32)
    return lines
