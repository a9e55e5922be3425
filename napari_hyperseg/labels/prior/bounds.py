"""Between which samples a boundary lies, trace by trace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Grids = NDArray[np.float32]
"""One grid a boundary, shape (n_boundaries, n_inlines, n_crosslines), in samples."""

Limits = NDArray[np.float64]

PICKED = 2.0  # samples between the limits, at most


@dataclass(frozen=True, eq=False)
class Bounds:
    """What is known of where boundaries lie.

    Parameters
    ----------
    least, most : ndarray of float, shape (..., n_inlines, n_crosslines)
        The first sample below lies at, or between, these; infinite where there is no limit.
    """

    least: Limits
    most: Limits

    @classmethod
    def at(cls, picks: NDArray[np.floating]) -> Bounds:
        """Boundaries that are known where they are picked, and nowhere else (NaN)."""
        known = np.isfinite(picks)
        least, most = np.where(known, picks, -np.inf), np.where(known, picks, np.inf)
        return cls(least.astype(np.float64), most.astype(np.float64))

    @property
    def picks(self) -> Limits:
        """Where the limits meet, or nearly; elsewhere NaN."""
        with np.errstate(invalid="ignore"):
            near = self.most - self.least <= PICKED
        return np.where(near, 0.5 * (np.where(near, self.least, 0) + self.most), np.nan)

    def __getitem__(self, number: int) -> Bounds:
        """One of the boundaries."""
        return Bounds(self.least[number], self.most[number])

    def __len__(self) -> int:
        return len(self.least)

    def without(self, traces: NDArray[np.bool_]) -> Bounds:
        """Know nothing on some traces."""
        return Bounds(np.where(traces, -np.inf, self.least), np.where(traces, np.inf, self.most))

    def below(self, surface: Limits) -> Bounds:
        """The same, counted from a surface."""
        return Bounds(self.least - surface, self.most - surface)

    def differs(self, other: Bounds) -> bool:
        """Whether something else is known."""
        same = np.array_equal(self.least, other.least) and np.array_equal(self.most, other.most)
        return not same

    def clip(self, samples: Limits) -> Limits:
        """Move samples that are beyond the limits to them."""
        clipped: Limits = np.clip(samples, self.least, self.most)
        return clipped
