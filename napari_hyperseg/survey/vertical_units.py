"""Units of the vertical axis, and the one in which a section is nearest to a square.

A section of 229 crosslines and 6000 ms would be a sliver where line numbers and ms are drawn
at one scale; in another unit it is not.
"""

from __future__ import annotations

import math

from napari_hyperseg.survey.geometry import Geometry

# Unit of the vertical axis -> how many ms (m or ft, in a depth survey) it holds.
TIME_UNITS_MS = {"millisecond": 1.0, "centisecond": 10.0, "decisecond": 100.0, "second": 1000.0}
DEPTH_UNITS_M = {"meter": 1.0, "decameter": 10.0, "hectometer": 100.0, "kilometer": 1000.0}
DEPTH_UNITS_FT = {"foot": 1.0, "decafoot": 10.0, "hectofoot": 100.0, "kilofoot": 1000.0}
UNITS = {"ms": TIME_UNITS_MS, "m": DEPTH_UNITS_M, "ft": DEPTH_UNITS_FT}


def vertical_units(geometry: Geometry) -> dict[str, float]:
    """Return the units to choose from, and their size in ms (m, ft)."""
    return UNITS[geometry.vertical_unit]


def best_vertical_unit(geometry: Geometry) -> str:
    """Return the unit in which the survey's longer section is nearest to a square."""
    n_inlines, n_crosslines, n_samples = geometry.shape
    width = max(n_inlines * abs(geometry.inline_step), n_crosslines * abs(geometry.crossline_step))
    height = n_samples * geometry.sample_interval_ms
    units = vertical_units(geometry)
    return min(units, key=lambda unit: abs(math.log(height / units[unit] / width)))
