"""A horizon as the viewer draws it: sample positions, and what is derived from them once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.horizon_contours import Contours
from napari_hyperseg.viewer.horizon_lines import Segments, section_segments
from napari_hyperseg.viewer.horizon_surface import Mesh, surface_mesh
from napari_hyperseg.viewer.sections import Section


@dataclass(frozen=True, eq=False)
class HorizonShape:
    """Sample positions of a horizon; what is derived is kept for the next section.

    Parameters
    ----------
    samples : ndarray of float32, shape (n_inlines, n_crosslines)
        NaN where there is none.
    """

    samples: NDArray[np.float32]

    @classmethod
    def of(cls, grid: NDArray[np.floating], geometry: Geometry) -> HorizonShape:
        """Take a grid in the survey's vertical unit; what leaves the survey is not drawn."""
        samples = geometry.sample_position(grid)
        inside = (samples >= -0.5) & (samples <= geometry.n_samples - 0.5)
        return cls(np.where(inside, samples, np.nan).astype(np.float32))

    @cached_property
    def contours(self) -> Contours:
        """Where it crosses time slices."""
        return Contours(self.samples)

    @cached_property
    def mesh(self) -> Mesh:
        """The surface in space."""
        return surface_mesh(self.samples)

    def cut(self, section: Section, index: int, stride: int) -> Segments:
        """Return where it cuts a section, as (first, second) array indices on it.

        On vertical sections (sample, line), on time slices (inline, crossline).
        """
        if section is Section.TIME_SLICE:
            return self.contours.at(index)
        line = self.samples[index] if section is Section.INLINE else self.samples[:, index]
        return section_segments(line, stride)


@dataclass(frozen=True)
class ShownHorizon:
    """A visible horizon.

    Parameters
    ----------
    color : str
        ``#rrggbb``.
    shape : HorizonShape
        Where it is.
    """

    color: str
    shape: HorizonShape
