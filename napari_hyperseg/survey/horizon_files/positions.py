"""Where rows of a file lie on a survey: by line numbers, or by map coordinates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry

Positions = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Fractional indices (i, j)."""

OFF_LINE = 1e-6


def line_positions(
    inline: NDArray[np.float64], crossline: NDArray[np.float64], geometry: Geometry
) -> Positions:
    """Give the indices of line numbers, fractional between lines."""
    i = (inline - float(geometry.inlines[0])) / geometry.inline_step
    return i, (crossline - float(geometry.crosslines[0])) / geometry.crossline_step


def map_positions(x: NDArray[np.float64], y: NDArray[np.float64], geometry: Geometry) -> Positions:
    """Give the indices of map coordinates, fractional between traces.

    Raises
    ------
    HorizonError
        If the survey has no map coordinates.
    """
    to_xy = need_map(geometry)
    inline, crossline = np.linalg.solve(to_xy[:, :2], np.stack([x - to_xy[0, 2], y - to_xy[1, 2]]))
    return line_positions(inline, crossline, geometry)


def trace_coordinates(geometry: Geometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give x and y of every trace position, shape (n_inlines, n_crosslines) each."""
    to_xy = need_map(geometry)
    lines = np.stack(np.meshgrid(geometry.inlines, geometry.crosslines, indexing="ij"))
    x, y = np.tensordot(to_xy[:, :2], lines, 1) + to_xy[:, 2, None, None]
    return x, y


def has_map(geometry: Geometry) -> bool:
    """Say whether map coordinates lead back to a trace."""
    if geometry.to_xy is None:
        return False
    axes = np.asarray(geometry.to_xy, np.float64)[:, :2]
    if not np.isfinite(geometry.to_xy).all():
        return False
    return bool(abs(np.linalg.det(axes)) > 1e-9 * np.abs(axes).max() ** 2)


def need_map(geometry: Geometry) -> NDArray[np.float64]:
    """Give `to_xy` as float64.

    Raises
    ------
    HorizonError
        If there is none, or it maps the survey to a line.
    """
    if geometry.to_xy is not None and has_map(geometry):
        return np.asarray(geometry.to_xy, np.float64)
    fault = "no map coordinates" if geometry.to_xy is None else "map coordinates on one line only"
    raise HorizonError(
        f"The survey has {fault}. Use a format with inline and crossline, or open the SEG-Y "
        "with its coordinate bytes."
    )


def on_lines(positions: Positions, geometry: Geometry) -> NDArray[np.bool_]:
    """Say which positions are a trace of the grid, not between traces."""
    i, j = positions
    whole = (np.abs(i - np.round(i)) < OFF_LINE) & (np.abs(j - np.round(j)) < OFF_LINE)
    return whole & in_bins(positions, geometry)


def in_bins(positions: Positions, geometry: Geometry) -> NDArray[np.bool_]:
    """Say which positions are within half a bin of a trace of the grid."""
    i, j = positions
    n_inlines, n_crosslines, _ = geometry.shape
    return (np.abs(2 * i - n_inlines + 1) <= n_inlines) & (
        np.abs(2 * j - n_crosslines + 1) <= n_crosslines
    )
