"""Where a survey lies in napari's world: survey numbers along the lines, time downwards.

Owns the translation from a `Geometry` to a layer's scale, translation, units and axis
labels.  The line axes count in survey numbers, so that world coordinates are what the
interpreter reads on the map.  A section of 229 crosslines and 6000 ms would be a sliver on a
screen with square pixels, and napari has no vertical exaggeration; so the time axis counts in
that unit (ms, cs, ds, s) in which a section comes nearest to a square.  The unit is part of
the layer, so layers that others give in ms still lie where they belong.
"""

from __future__ import annotations

import math
from typing import Any

from napari_hyperseg.survey.geometry import Geometry

# Unit of the vertical axis -> how many ms (m or ft, in a depth survey) it holds.
TIME_UNITS_MS = {"millisecond": 1.0, "centisecond": 10.0, "decisecond": 100.0, "second": 1000.0}
DEPTH_UNITS_M = {"meter": 1.0, "decameter": 10.0, "hectometer": 100.0, "kilometer": 1000.0}
DEPTH_UNITS_FT = {"foot": 1.0, "decafoot": 10.0, "hectofoot": 100.0, "kilofoot": 1000.0}
VERTICAL_LABELS = {"time": "twt", "depth": "depth"}
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


def layer_axes(geometry: Geometry, unit: str | None = None) -> dict[str, Any]:
    """Return the keyword arguments that place a layer of the survey's shape in the world.

    Parameters
    ----------
    geometry : Geometry
        The survey's.
    unit : str, optional
        A key of `vertical_units`: the one that other layers in the viewer have; by default
        the best for this survey.

    Returns
    -------
    dict
        ``scale``, ``translate``, ``units`` and ``axis_labels`` along (inline, crossline,
        sample).
    """
    units = vertical_units(geometry)
    unit = unit if unit in units else best_vertical_unit(geometry)
    size = units[unit]
    return {
        "scale": (
            float(geometry.inline_step),
            float(geometry.crossline_step),
            geometry.sample_interval_ms / size,
        ),
        "translate": (
            float(geometry.inlines[0]),
            float(geometry.crosslines[0]),
            geometry.start_ms / size,
        ),
        "units": ("pixel", "pixel", unit),
        "axis_labels": ("inline", "crossline", VERTICAL_LABELS[geometry.domain]),
    }
