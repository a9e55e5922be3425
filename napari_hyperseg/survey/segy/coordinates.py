"""Where the traces of a SEG-Y file lie on the map: which header bytes say so, and the fit."""

from __future__ import annotations

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


def find_map(
    read: ReadField, grid: LineGrid, trace_map: NDArray[np.int64], reading: Reading
) -> tuple[BytePair, int, MapFit | None]:
    """The bytes of the coordinates, the byte of their scalar, and the map they give.

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
    if reading.xy is not None:
        fit = None if reading.xy == NO_XY else _fit(read, grid, trace_map, reading.xy, scalar)
        return reading.xy, scalar, fit
    for xy in XY_CANDIDATES:
        fit = _fit(read, grid, trace_map, xy, scalar)
        if fit is not None and fit.believable:
            return xy, scalar, fit
    return NO_XY, scalar, None


def _fit(
    read: ReadField, grid: LineGrid, trace_map: NDArray[np.int64], xy: BytePair, scalar: int
) -> MapFit | None:
    i, j = np.nonzero(trace_map >= 0)
    some = np.linspace(0, len(i) - 1, min(len(i), FITTED_TRACES)).astype(np.int64)
    i, j = i[some], j[some]
    traces = trace_map[i, j]
    factor = read(scalar)[traces] if scalar else np.zeros(len(traces), np.int16)
    coordinates = np.stack([scaled(read(byte)[traces], factor) for byte in xy], axis=1)
    lines = np.stack([grid.inline.lines[i], grid.crossline.lines[j]], axis=1)
    return fit_to_xy(lines, coordinates, (grid.inline.step, grid.crossline.step))
