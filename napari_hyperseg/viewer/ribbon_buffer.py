"""Arrays of triangles that are written in place, section after section."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.viewer.horizon_lines import Segments

_SMALLEST = 256  # ribbons
_QUAD = np.array([[0, 1, 2], [0, 2, 3]], np.uint32)


class RibbonBuffer:
    """Room for some ribbons; what is not used of it is triangles without extent.

    Attributes
    ----------
    vertices : ndarray of float32, shape (4 * room, 3)
        Array indices (inline, crossline, sample).
    faces : ndarray of uint32, shape (2 * room, 3)
        Numbers of vertices.
    values : ndarray of float32, shape (4 * room,)
        Half-integers: which horizon.
    """

    def __init__(self) -> None:
        self._used = 0
        self._reserve(_SMALLEST)

    @property
    def data(self) -> tuple[NDArray[np.float32], NDArray[np.uint32], NDArray[np.float32]]:
        """What a Surface layer takes."""
        return self.vertices, self.faces, self.values

    def write(
        self, corners: Segments, counts: Sequence[int], axes: tuple[int, int], cut: tuple[int, int]
    ) -> bool:
        """Replace what is there; True: in new arrays, as the old ones had no room.

        Parameters
        ----------
        corners : ndarray, shape (n, 4, 2)
            Of the ribbons of all horizons, one after the other.
        counts : sequence of int
            How many are each horizon's.
        axes : tuple of int
            Data axes of the two numbers of a corner.
        cut : tuple of int
            The third axis, and where on it the section is.
        """
        total = len(corners)
        grown = total > len(self.faces) // 2
        if grown:
            self._reserve(total + total // 8)
        used = slice(0, 4 * total)
        self.vertices[used, axes[0]] = corners[..., 0].ravel()
        self.vertices[used, axes[1]] = corners[..., 1].ravel()
        self.vertices[used, cut[0]] = cut[1]
        self.values[used] = np.repeat(np.arange(len(counts)) + 0.5, 4 * np.array(counts, int))
        self._use(total)
        return grown

    def clear(self) -> None:
        """Leave no ribbon."""
        self._use(0)

    def _use(self, total: int) -> None:
        """Make so many rectangles of the vertices, and none of the rest."""
        if total > self._used:
            first = 4 * np.arange(self._used, total, dtype=np.uint32)[:, None, None]
            self.faces[2 * self._used : 2 * total] = (first + _QUAD).reshape(-1, 3)
        else:
            self.faces[2 * total : 2 * self._used] = 0
        self._used = total

    def _reserve(self, room: int) -> None:
        self.vertices = np.zeros((4 * room, 3), np.float32)
        self.faces = np.zeros((2 * room, 3), np.uint32)
        self.values = np.zeros(4 * room, np.float32)
        self._used = 0
