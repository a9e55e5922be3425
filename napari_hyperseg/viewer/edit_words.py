"""What is said of an edit of a section: pure functions from figures to a line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.between import Between
from napari_hyperseg.survey.geometry import Geometry


def filled_text(voxels: int, section: str, name: str, found: Between) -> str:
    """Say what was filled: "Inline 1012: 1,234 voxels are Class 2. Left alone: 3 traces ..."."""
    done = f"{voxels:,} voxels are {name} now" if voxels else "nothing was left to fill"
    parts = []
    if found.absent:
        parts.append(f"{_traces(found.absent)} without both horizons")
    if found.crossing:
        parts.append(f"{_traces(found.crossing)} where they cross")
    left = f" Left alone: {', '.join(parts)}." if parts else ""
    return f"{section}: {done}.{left}"


def copied_text(
    voxels: int, source: str, target: str, shifts: NDArray[np.intp] | None, geometry: Geometry
) -> str:
    """Say what was copied: "Inline 1013: 1,234 voxels as on Inline 1012, moved by 4 to 8 ms."."""
    done = f"{voxels:,} voxels as on {source}" if voxels else f"nothing to add from {source}"
    if shifts is None or not shifts.any():
        return f"{target}: {done}."
    low, high = (_vertical(value, geometry) for value in (shifts.min(), shifts.max()))
    moved = low if low == high else f"{low} to {high}"
    return f"{target}: {done}, moved by {moved} {geometry.vertical_unit}."


def _traces(count: int) -> str:
    return "1 trace" if count == 1 else f"{count:,} traces"


def _vertical(samples: int, geometry: Geometry) -> str:
    return f"{samples * geometry.sample_interval_ms:.10g}"
