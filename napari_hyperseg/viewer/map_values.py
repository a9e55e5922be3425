"""What a map of a horizon shows: levels and titles.  Knows no Qt and no napari."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry

Values = NDArray[np.floating]


def time_levels(values: Values) -> tuple[float, float]:
    """Return the least and the greatest value, but for one in a hundred at either end."""
    there = values[np.isfinite(values)]
    if not there.size:
        return 0.0, 1.0
    low, high = np.percentile(there, (0.5, 99.5))
    return float(low), float(high)


def amplitude_levels(values: Values) -> tuple[float, float]:
    """Return levels symmetric about zero, at the 99th percentile of the size."""
    there = np.abs(values[np.isfinite(values)])
    limit = float(np.percentile(there, 99)) if there.size else 1.0
    limit = limit or 1.0
    return -limit, limit


def time_title(geometry: Geometry) -> str:
    """Name the vertical axis: "two-way time [ms]"."""
    kind = "two-way time" if geometry.domain == "time" else "depth"
    return f"{kind} [{geometry.vertical_unit}]"


def trace_text(geometry: Geometry, i: int, j: int, values: Values, unit: str) -> str:
    """Name a trace and the value there: "inline 1092  crossline 1116  732.4 ms"."""
    value = values[i, j]
    told = f"{value:.6g} {unit}".rstrip() if np.isfinite(value) else "no value"
    return f"inline {geometry.inlines[i]}  crossline {geometry.crosslines[j]}  {told}"
