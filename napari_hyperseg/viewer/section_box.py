"""A section as a box of the survey: one index thick."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.sections import Section


@dataclass(frozen=True)
class SectionBox:
    """Where a section lies in arrays of the survey's shape.

    Parameters
    ----------
    shape : tuple of int
        The survey's.
    section : Section
        Which axis is cut.
    index : int
        Where.
    """

    shape: tuple[int, int, int]
    section: Section
    index: int

    @property
    def n_lines(self) -> int:
        """How many sections there are along the axis."""
        return self.shape[self.section]

    @property
    def start(self) -> tuple[int, int, int]:
        """First index along each axis."""
        i, j, k = (self.index if axis == self.section else 0 for axis in range(3))
        return i, j, k

    @property
    def slices(self) -> tuple[slice, slice, slice]:
        """The box as an index."""
        i, j, k = (
            slice(self.index, self.index + 1) if axis == self.section else slice(0, n)
            for axis, n in enumerate(self.shape)
        )
        return i, j, k

    def flat(self, box: NDArray) -> NDArray:
        """Return what a box holds as a section: the axis that is cut is taken away."""
        return np.asarray(box).squeeze(self.section)

    def cube(self, section: NDArray) -> NDArray:
        """Return a section as what the box holds."""
        return np.expand_dims(section, self.section)

    def live(self, geometry: Geometry) -> NDArray[np.bool_]:
        """Return where the box has traces; broadcasts to its shape."""
        return geometry.live_mask[self.slices[:2]][..., None]
