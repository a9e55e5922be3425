"""Where a survey lies in napari's world: survey numbers along the lines, time downwards.

Owns the translation from a `Geometry` to a layer's scale, translation, units and axis
labels.  The line axes count in survey numbers, so that world coordinates are what the
interpreter reads on the map.  napari has no vertical exaggeration; so the time axis counts in
that unit (ms, cs, ds, s) in which a section comes nearest to a square.  The unit is part of
the layer, so layers that others give in ms still lie where they belong.
"""

from __future__ import annotations

from typing import Any

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.vertical_units import best_vertical_unit, vertical_units

__all__ = ["best_vertical_unit", "layer_axes", "vertical_units"]

VERTICAL_LABELS = {"time": "twt", "depth": "depth"}


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
    size, n_samples = units[unit], geometry.n_samples
    return {
        "scale": (
            float(geometry.inline_step),
            float(geometry.crossline_step),
            _countable(geometry.sample_interval_ms / size, geometry.start_ms / size, n_samples),
        ),
        "translate": (
            float(geometry.inlines[0]),
            float(geometry.crosslines[0]),
            geometry.start_ms / size,
        ),
        "units": ("pixel", "pixel", unit),
        "axis_labels": ("inline", "crossline", VERTICAL_LABELS[geometry.domain]),
    }


def _countable(step: float, start: float, n: int) -> float:
    """Return `step`, less what makes a slider, which divides by it, lose its last place."""
    for ulps in range(64):
        less = step * (1 - 2e-16 * ulps)
        if int((start + less * (n - 1) - start) / less) == n - 1:
            return less
    return step
