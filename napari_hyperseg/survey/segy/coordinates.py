"""Where the traces of a SEG-Y file lie on the map: which header bytes say so, and the fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.map_fit import MapFit, fit_to_xy
from napari_hyperseg.survey.segy.lines import LineGrid
from napari_hyperseg.survey.segy.reading import (
    NONE,
    STANDARD_SCALAR,
    STANDARD_XY,
    BytePair,
    Reading,
)
from napari_hyperseg.survey.segy.trace_headers import (
    GROUP_X,
    GROUP_Y,
    SOURCE_X,
    SOURCE_Y,
    ReadField,
    scaled,
)

XY_CANDIDATES: tuple[BytePair, ...] = (STANDARD_XY, (SOURCE_X, SOURCE_Y), (GROUP_X, GROUP_Y))
NO_XY: BytePair = (NONE, NONE)
FITTED_TRACES = 200_000  # at most, evenly spread


@dataclass(frozen=True, eq=False)
class FoundMap:
    """Where traces lie, and who says so.

    Parameters
    ----------
    xy : pair of int
        Header bytes of the coordinates; 0 and 0: none.
    scalar : int
        Header byte of their scalar.
    fit : MapFit or None
        The map they give to a survey of several lines.
    line_xy : ndarray of float64, shape (n_traces, 2), or None
        Coordinates of the traces of a 2D line.
    """

    xy: BytePair
    scalar: int
    fit: MapFit | None = None
    line_xy: NDArray[np.float64] | None = None

    @property
    def believable(self) -> bool:
        """Whether there are coordinates, and traces lie where these put them."""
        return self.line_xy is not None or (self.fit is not None and self.fit.believable)


def find_map(
    read: ReadField, grid: LineGrid, trace_map: NDArray[np.int64], reading: Reading
) -> FoundMap:
    """Find the header bytes of the coordinates, and the map they give.

    Parameters
    ----------
    read : callable
        Reads a field of all trace headers.
    grid : LineGrid
    trace_map : ndarray, shape ``grid.shape``
        Trace at every position; -1: none.
    reading : Reading
        What the user says of coordinates; what is None is found.
    """
    scalar = STANDARD_SCALAR if reading.scalar is None else reading.scalar
    if reading.xy == NO_XY:
        return FoundMap(NO_XY, scalar)
    look = _along_line if 1 in grid.shape else _fit
    if reading.xy is not None:
        return look(read, grid, trace_map, reading.xy, scalar)
    found = (look(read, grid, trace_map, xy, scalar) for xy in XY_CANDIDATES)
    return next((one for one in found if one.believable), FoundMap(NO_XY, scalar))


def _fit(
    read: ReadField, grid: LineGrid, trace_map: NDArray[np.int64], xy: BytePair, scalar: int
) -> FoundMap:
    i, j = np.nonzero(trace_map >= 0)
    some = np.linspace(0, len(i) - 1, min(len(i), FITTED_TRACES)).astype(np.int64)
    i, j = i[some], j[some]
    coordinates = _coordinates(read, trace_map[i, j], xy, scalar)
    lines = np.stack([grid.inline.lines[i], grid.crossline.lines[j]], axis=1)
    fit = fit_to_xy(lines, coordinates, (grid.inline.step, grid.crossline.step))
    return FoundMap(xy, scalar, fit)


def _along_line(
    read: ReadField, grid: LineGrid, trace_map: NDArray[np.int64], xy: BytePair, scalar: int
) -> FoundMap:
    """Take the coordinates of a 2D line as they are, those of missing traces from beside them."""
    traces = trace_map.ravel()
    there = np.flatnonzero(traces >= 0)
    known = _coordinates(read, traces[there], xy, scalar)
    steps = np.hypot(*np.diff(known, axis=0).T)
    if len(there) < 2 or not np.median(steps) > 0:
        return FoundMap(xy, scalar)
    at = np.arange(len(traces))
    line_xy = np.stack([np.interp(at, there, one) for one in known.T], axis=1)
    return FoundMap(xy, scalar, line_xy=line_xy)


def _coordinates(
    read: ReadField, traces: NDArray[np.int64], xy: BytePair, scalar: int
) -> NDArray[np.float64]:
    """Shape (n, 2)."""
    factor = read(scalar)[traces] if scalar else np.zeros(len(traces), np.int16)
    return np.stack([scaled(read(byte)[traces], factor) for byte in xy], axis=1)
