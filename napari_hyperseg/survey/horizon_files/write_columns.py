"""Horizons written as a row for each trace: OpendTect, CSV, IRAP points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.positions import has_map, trace_coordinates

Z_NAMES = {"ms": "twt_ms", "m": "depth_m", "ft": "depth_ft"}
UNDEFINED = "1e30"


def write_opendtect(path: Path, horizon: NDArray[np.float64], geometry: Geometry, _: str) -> None:
    """Write ``inline crossline z`` of every live trace; 1e30 where the horizon is absent."""
    i, j = np.nonzero(geometry.live_mask)
    columns = [_lines(geometry.inlines[i]), _lines(geometry.crosslines[j])]
    _write_opendtect(path, ("Inline", "Crossline"), columns, horizon[i, j], geometry)


def write_opendtect_xy(
    path: Path, horizon: NDArray[np.float64], geometry: Geometry, _: str
) -> None:
    """Write ``x y z`` of every live trace; 1e30 where the horizon is absent."""
    live = geometry.live_mask
    columns = [_decimals(axis[live]) for axis in trace_coordinates(geometry)]
    _write_opendtect(path, ("X", "Y"), columns, horizon[live], geometry)


def write_csv(path: Path, horizon: NDArray[np.float64], geometry: Geometry, _: str) -> None:
    """Write a header, and inline, crossline, x, y and z of every trace with a value."""
    i, j = np.nonzero(np.isfinite(horizon))
    blank = np.full(len(i), "")
    x, y = blank, blank
    if has_map(geometry):
        x, y = (_decimals(axis[i, j]) for axis in trace_coordinates(geometry))
    lines = _lines(geometry.inlines[i]), _lines(geometry.crosslines[j])
    header = f"inline,crossline,x,y,{Z_NAMES[geometry.vertical_unit]}\n"
    _write_rows(path, header, [*lines, x, y, _decimals(horizon[i, j])], ",")


def write_irap_points(path: Path, horizon: NDArray[np.float64], geometry: Geometry, _: str) -> None:
    """Write ``x y z`` of every trace with a value, and the row that ends a segment."""
    defined = np.isfinite(horizon)
    x, y = (_decimals(axis[defined]) for axis in trace_coordinates(geometry))
    _write_rows(path, "", [x, y, _decimals(horizon[defined])], " ", "999.000 999.000 999.000\n")


def _write_opendtect(
    path: Path,
    names: tuple[str, str],
    columns: list[NDArray[np.str_]],
    z: NDArray[np.float64],
    geometry: Geometry,
) -> None:
    titles = (*names, f"Z ({geometry.vertical_unit})")
    header = "".join(f"# {number}: {name}\n" for number, name in enumerate(titles, 1))
    text = np.where(np.isfinite(z), _decimals(z), UNDEFINED)
    _write_rows(path, header + "# - - - - - - - - - -\n", [*columns, text], "\t")


def _write_rows(
    path: Path, header: str, columns: list[NDArray[np.str_]], separator: str, end: str = ""
) -> None:
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.write(header)
        file.writelines(separator.join(row) + "\n" for row in zip(*columns, strict=True))
        file.write(end)


def _lines(numbers: NDArray[np.int64]) -> NDArray[np.str_]:
    return np.char.mod("%d", numbers)


def _decimals(values: NDArray[np.float64]) -> NDArray[np.str_]:
    return np.char.mod("%.3f", values)
