"""Where horizons cut a section: segments in array indices, and ribbons of screen width.

Pure arithmetic; knows no viewer.  A section's segments join neighbouring traces that both
have a value, so gaps stay gaps; a trace alone is a dash as wide as itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Segments = NDArray[np.float32]
"""Shape (n, 2, 2): segment, its two ends, (down, right) on the screen."""

NO_SEGMENTS: Segments = np.zeros((0, 2, 2), np.float32)


def section_segments(samples: NDArray[np.float32], stride: int = 1) -> Segments:
    """Return the line of a horizon on a vertical section.

    Parameters
    ----------
    samples : ndarray, shape (n_traces,)
        Sample position under every trace of the section; NaN where there is none.
    stride : int
        Use every so many traces, where they lie closer than pixels.
    """
    n_traces = len(samples)
    at = np.arange(n_traces, dtype=np.float32)
    if stride > 1:
        at, samples = at[::stride], samples[::stride]
    there = np.isfinite(samples)
    joined = there[:-1] & there[1:]
    alone = there.copy()
    alone[:-1] &= ~joined
    alone[1:] &= ~joined
    lines = np.empty((np.count_nonzero(joined) + np.count_nonzero(alone), 2, 2), np.float32)
    n = np.count_nonzero(joined)
    lines[:n, 0, 0], lines[:n, 1, 0] = samples[:-1][joined], samples[1:][joined]
    lines[:n, 0, 1], lines[:n, 1, 1] = at[:-1][joined], at[1:][joined]
    lines[n:, :, 0] = samples[alone][:, None]
    lines[n:, 0, 1], lines[n:, 1, 1] = at[alone] - stride / 2, at[alone] + stride / 2
    return lines


def ribbons(segments: Segments, scale: tuple[float, float], width: float) -> Segments:
    """Widen segments to rectangles with square ends, which overlap where segments meet.

    Parameters
    ----------
    segments : ndarray of float32, shape (n, 2, 2)
        Ends of the segments in array indices.
    scale : tuple of float
        World units per index, (down, right).
    width : float
        Of the ribbon, in world units.

    Returns
    -------
    ndarray of float32, shape (n, 4, 2)
        Corners in array indices, around the rectangle.
    """
    size = np.asarray(scale, np.float32)
    along = (segments[:, 1] - segments[:, 0]) * size
    length = np.hypot(along[:, 0], along[:, 1])[:, None]
    along *= (0.5 * width) / np.maximum(length, np.float32(1e-12))
    across = along[:, ::-1] * np.array([1, -1], np.float32)
    corners = np.empty((len(segments), 4, 2), np.float32)
    starts, ends = segments[:, 0], segments[:, 1]
    back, out, side = along / size, along / size, across / size
    corners[:, 0] = starts - back - side
    corners[:, 1] = starts - back + side
    corners[:, 2] = ends + out + side
    corners[:, 3] = ends + out - side
    return corners
