"""How well columns of numbers fit a survey, as shares of the rows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.positions import (
    has_map,
    in_bins,
    line_positions,
    map_positions,
    on_lines,
)
from napari_hyperseg.survey.horizon_files.vertical import blank_undefined, in_range, judge_scale

Fit = tuple[float, tuple[int, int]]
"""A share, and the two columns that have it."""


def fits_of(free: list[int], share: Callable[[int, int], float]) -> list[Fit]:
    """Give the pairs of columns that fit, best first; of equal ones the leftmost."""
    fits = [(share(a, b), (a, b)) for a, b in permutations(free, 2)]
    return sorted((fit for fit in fits if fit[0] > 0), key=lambda fit: (-round(fit[0], 2), fit[1]))


def share_on_lines(sample: NDArray[np.float64], a: int, b: int, geometry: Geometry) -> float:
    """Give the share of rows on the survey's lines, less where many rows share a trace."""
    pairs = sample[:, [a, b]]
    fits = on_lines(line_positions(pairs[:, 0], pairs[:, 1], geometry), geometry)
    if not fits.any():
        return 0.0
    return float(fits.mean() * len(np.unique(pairs, axis=0)) / len(pairs))


def share_on_map(sample: NDArray[np.float64], a: int, b: int, geometry: Geometry) -> float:
    """Give the share of rows within half a bin of a trace; 0 without map coordinates."""
    if not has_map(geometry):
        return 0.0
    return float(in_bins(map_positions(sample[:, a], sample[:, b], geometry), geometry).mean())


def share_in_range(path: Path, column: NDArray[np.float64], geometry: Geometry) -> float:
    """Give the share of defined values in the survey's vertical range, in the best unit."""
    z, _ = blank_undefined(column, ())
    return in_range(judge_scale(path, z, geometry, None, None).to_survey(z, geometry), geometry)


def any_number(column: NDArray[np.float64]) -> bool:
    """Say whether a column holds any number."""
    return bool(np.isfinite(column).any())
