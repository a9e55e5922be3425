"""Sentences about columns that contradict each other or the survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.content import Columns
from napari_hyperseg.survey.horizon_files.fitting import any_number, share_on_lines
from napari_hyperseg.survey.horizon_files.positions import has_map, line_positions, map_positions


def swapped_lines(sample: NDArray[np.float64], known: Columns, geometry: Geometry) -> list[str]:
    """Say that named lines fit the survey better the other way round, if they do."""
    assert known.inline is not None
    assert known.crossline is not None
    named = share_on_lines(sample, known.inline, known.crossline, geometry)
    turned = share_on_lines(sample, known.crossline, known.inline, geometry)
    if turned <= 1.05 * named:
        return []
    return ["Inline and crossline could be swapped: the survey's lines fit better that way."]


def disagreeing_map(sample: NDArray[np.float64], found: Columns, geometry: Geometry) -> list[str]:
    """Say that x and y contradict inline and crossline, if they do."""
    if not (found.has_lines and found.has_map) or not has_map(geometry):
        return []
    i, j = line_positions(sample[:, found.inline], sample[:, found.crossline], geometry)
    mi, mj = map_positions(sample[:, found.x], sample[:, found.y], geometry)
    near = (np.abs(i - mi) <= 0.5) & (np.abs(j - mj) <= 0.5)
    known = np.isfinite(mi) & np.isfinite(mj)
    if not known.any() or near[known].mean() >= 0.9:
        return []
    return ["x and y lie elsewhere than inline and crossline; inline and crossline count."]


def nothing_on_survey(path: Path, sample: NDArray[np.float64], geometry: Geometry) -> str:
    """Give the message for a file none of whose columns lies on the survey."""
    finite = [column[np.isfinite(column)] for column in sample.T if any_number(column)]
    ranges = ", ".join(f"{column.min():g}-{column.max():g}" for column in finite[:5])
    maps = " or its map coordinates" if has_map(geometry) else ""
    return (
        f"{path.name} has columns {ranges}; none lies on the survey's inlines "
        f"{geometry.inlines[0]}-{geometry.inlines[-1]} and crosslines "
        f"{geometry.crosslines[0]}-{geometry.crosslines[-1]}{maps}. "
        "Choose a horizon of this survey, or say which columns are what."
    )
