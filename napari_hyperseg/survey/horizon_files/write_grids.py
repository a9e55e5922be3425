"""Horizons written as map grids: IRAP classic, ZMAP+."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.content import MapGrid
from napari_hyperseg.survey.horizon_files.positions import trace_coordinates
from napari_hyperseg.survey.horizon_files.sampling import sample_grid, survey_grid

ALIGNED = 1e-6  # of a step
OFF_BIN = 0.1  # bins that skewed lines may miss at the far corner
ZMAP_WIDTH = 20
ZMAP_UNDEFINED = "-99999.000"  # xtgeo does not mask 1e30


def write_irap(path: Path, horizon: NDArray[np.float64], geometry: Geometry, _: str) -> None:
    """Write an IRAP classic grid, rotated as the survey is, a node for each trace.

    The first axis is the one that has the other to its left, so that both steps are
    positive and no program needs to know flipped grids.

    Raises
    ------
    HorizonError
        If the survey's lines are not at right angles.
    """
    grid = survey_grid(horizon, geometry)
    if _cross(grid) < 0:
        grid = replace(grid, values=grid.values.T, step_u=grid.step_v, step_v=grid.step_u)
    _need_right_angles(grid)
    n_u, n_v = grid.values.shape
    (x, y), u, v = grid.origin, math.hypot(*grid.step_u), math.hypot(*grid.step_v)
    degrees = math.degrees(math.atan2(grid.step_u[1], grid.step_u[0])) % 360
    header = (
        f"-996 {n_v} {u:.6f} {v:.6f}\n"
        f"{x:.6f} {x + u * (n_u - 1):.6f} {y:.6f} {y + v * (n_v - 1):.6f}\n"
        f"{n_u} {degrees:.8f} {x:.6f} {y:.6f}\n0 0 0 0 0 0 0\n"
    )
    body = np.where(np.isfinite(grid.values), grid.values, 9999900.0).T.ravel()
    _write(path, header, [np.char.mod("%.3f", body)], 6)


def write_zmap(path: Path, horizon: NDArray[np.float64], geometry: Geometry, name: str) -> None:
    """Write a ZMAP+ grid that points north.

    A survey whose lines run along x and y keeps its traces as nodes; any other is
    resampled bilinearly, at the smaller side of its bins.
    """
    name = re.sub(r"[^A-Za-z0-9_.-]+", "_", name)  # a comma would add a field to the header
    north = _north_grid(survey_grid(horizon, geometry), geometry)
    n_x, n_y = north.values.shape
    x, y = north.origin
    extent = x, x + north.step_u[0] * (n_x - 1), y + north.step_v[1] * (n_y - 1), y
    header = (
        f"! {name}, in {geometry.vertical_unit}\n"
        f"@{name} HEADER, GRID, 4\n{ZMAP_WIDTH}, {ZMAP_UNDEFINED}, , 3, 1\n"
        f"{n_y}, {n_x}, " + ", ".join(f"{value:.6f}" for value in extent) + "\n0.0, 0.0, 0.0\n@\n"
    )
    text = np.where(np.isfinite(north.values), np.char.mod("%.3f", north.values), ZMAP_UNDEFINED)
    _write(path, header, np.char.rjust(text, ZMAP_WIDTH), 4, separator="")


def _north_grid(grid: MapGrid, geometry: Geometry) -> MapGrid:
    """Resample onto columns that run from the north-west to the south."""
    x, y = trace_coordinates(geometry)
    x_step, y_step = _north_steps(grid)
    n_x, n_y = _count(np.ptp(x), x_step), _count(np.ptp(y), y_step)
    west, north = float(x.min()), float(y.max())
    xs, ys = west + x_step * np.arange(n_x), north - y_step * np.arange(n_y)
    values = sample_grid(grid, *np.meshgrid(xs, ys, indexing="ij"))
    return MapGrid(values, (west, north), (x_step, 0.0), (0.0, -y_step))


def _north_steps(grid: MapGrid) -> tuple[float, float]:
    u, v = np.abs(grid.step_u), np.abs(grid.step_v)
    for east, north in ((u, v), (v, u)):
        if east[1] <= ALIGNED * east[0] and north[0] <= ALIGNED * north[1]:
            return float(east[0]), float(north[1])
    smaller = min(math.hypot(*grid.step_u), math.hypot(*grid.step_v))
    return smaller, smaller


def _count(extent: float, step: float) -> int:
    return math.ceil(extent / step - 1e-3) + 1


def _cross(grid: MapGrid) -> float:
    return grid.step_u[0] * grid.step_v[1] - grid.step_u[1] * grid.step_v[0]


def _need_right_angles(grid: MapGrid) -> None:
    u, v = grid.step_u, grid.step_v
    cosine = (u[0] * v[0] + u[1] * v[1]) / (math.hypot(*u) * math.hypot(*v))
    if abs(cosine) * max(grid.values.shape) > OFF_BIN:
        angle = math.degrees(math.acos(cosine))
        raise HorizonError(
            f"The survey's lines cross at {angle:.2f} degrees, and an IRAP grid has right "
            "angles. Write irap-points or csv."
        )


def _write(
    path: Path, header: str, columns: NDArray[np.str_] | list, per_line: int, separator: str = " "
) -> None:
    """Write each column from a new line on."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(header)
        file.writelines(_wrapped(columns, per_line, separator))


def _wrapped(columns: NDArray[np.str_] | list, per_line: int, separator: str) -> Iterator[str]:
    for column in columns:
        for at in range(0, len(column), per_line):
            yield separator.join(column[at : at + per_line]) + "\n"
