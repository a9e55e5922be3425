"""One vertical axis for lines that begin and are sampled differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry

HALF = 0.5  # samples: a boundary lies half a sample above the first sample below it


@dataclass(frozen=True, eq=False)
class VerticalAxis:
    """Samples that cover those of several lines.

    Parameters
    ----------
    start, interval : float
        Of the samples, in the unit of the lines.
    n_samples : int
    """

    start: float
    interval: float
    n_samples: int

    @classmethod
    def over(cls, geometries: Sequence[Geometry]) -> VerticalAxis:
        """From the first sample of all lines to the last one, at the least interval."""
        interval = min(one.sample_interval_ms for one in geometries)
        start = min(one.start_ms for one in geometries)
        stop = max(float(one.times_ms[-1]) for one in geometries)
        return cls(start, interval, round((stop - start) / interval) + 1)

    def scale(self, geometry: Geometry) -> float:
        """How many samples of a line one of these is."""
        return self.interval / geometry.sample_interval_ms

    def samples_on(self, geometry: Geometry) -> NDArray[np.float64]:
        """Where these samples are among those of a line."""
        first = geometry.sample_position(self.start)
        return first + self.scale(geometry) * np.arange(self.n_samples, dtype=np.float64)

    def to_line(self, geometry: Geometry, below: NDArray[np.floating]) -> NDArray[np.floating]:
        """Take first samples below boundaries to those of a line."""
        first = geometry.sample_position(self.start)
        return first + self.scale(geometry) * (below - HALF) + HALF

    def from_line(self, geometry: Geometry, below: NDArray[np.floating]) -> NDArray[np.floating]:
        """Take first samples below boundaries on a line to these."""
        first = geometry.sample_position(self.start)
        return (below - HALF - first) / self.scale(geometry) + HALF
