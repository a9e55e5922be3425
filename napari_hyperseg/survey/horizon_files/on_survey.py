"""Put what a horizon file holds on a survey: columns, units, positions, undefined values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.content import Columns, Content, MapGrid, PickTable
from napari_hyperseg.survey.horizon_files.guessing import ColumnGuess, guess_columns
from napari_hyperseg.survey.horizon_files.header_names import unit_of
from napari_hyperseg.survey.horizon_files.picks import HorizonChoice, HorizonPicks
from napari_hyperseg.survey.horizon_files.placing import place_picks
from napari_hyperseg.survey.horizon_files.positions import (
    Positions,
    in_bins,
    line_positions,
    map_positions,
    on_lines,
    trace_coordinates,
)
from napari_hyperseg.survey.horizon_files.sampling import node_coordinates, sample_grid
from napari_hyperseg.survey.horizon_files.vertical import (
    blank_undefined,
    judge_scale,
)


def put_on_survey(
    path: Path, format_name: str, content: Content, geometry: Geometry, choice: HorizonChoice
) -> HorizonPicks:
    """Give what a file holds on a survey's grid; the file is not read again.

    Raises
    ------
    HorizonError
        If it does not fit the survey.
    """
    stated: tuple[float, ...] = () if choice.undefined is None else (choice.undefined,)
    if isinstance(content, MapGrid):
        picks = _put_grid(path, content, geometry, choice, stated)
    else:
        picks = _put_table(path, content, geometry, choice, stated)
    return replace(picks, format_name=format_name)


def _put_grid(
    path: Path, grid: MapGrid, geometry: Geometry, choice: HorizonChoice, stated: tuple[float, ...]
) -> HorizonPicks:
    values, notes = blank_undefined(grid.values, stated)
    defined = np.isfinite(values)
    _need_values(path, defined)
    scale = judge_scale(path, values, geometry, choice.unit or grid.unit, choice.sign)
    grid = replace(grid, values=scale.to_survey(values, geometry))
    x, y = trace_coordinates(geometry)
    horizon = sample_grid(grid, x, y)
    if not np.isfinite(horizon).any():
        raise _outside(path, geometry)
    x, y = (axis[defined] for axis in node_coordinates(grid))
    n_inside = _count_live(map_positions(x, y, geometry), geometry, nearest=True)
    warnings = grid.warnings + notes + scale.warnings
    return HorizonPicks(horizon, "", None, scale, n_inside, int(defined.sum()) - n_inside, warnings)


def _put_table(
    path: Path,
    table: PickTable,
    geometry: Geometry,
    choice: HorizonChoice,
    stated: tuple[float, ...],
) -> HorizonPicks:
    guess = _columns(path, table, geometry, choice)
    columns = guess.columns
    z, notes = blank_undefined(_column(path, table, columns.z), stated + table.undefined)
    _need_values(path, np.isfinite(z))
    scale = judge_scale(
        path, z, geometry, choice.unit or table.unit or _named_unit(table, columns), choice.sign
    )
    z = scale.to_survey(z, geometry)
    by_lines = columns.has_lines
    i, j = _positions(path, table, columns, geometry)
    nowhere = int((np.isfinite(z) & ~(np.isfinite(i) & np.isfinite(j))).sum())
    lost = (f"{nowhere} picks have no position and are left out.",) if nowhere else ()
    inside = (on_lines if by_lines else in_bins)((i, j), geometry) & np.isfinite(z)
    if not inside.any():
        raise _outside(path, geometry)
    horizon, disagreeing = place_picks((i[inside], j[inside]), z[inside], geometry, path)
    n_inside = _count_live((i[inside], j[inside]), geometry, nearest=not by_lines)
    n_outside = int(np.isfinite(z).sum()) - n_inside
    warnings = table.warnings + guess.warnings + notes + lost + scale.warnings + disagreeing
    return HorizonPicks(horizon, "", guess, scale, n_inside, n_outside, warnings)


def _columns(
    path: Path, table: PickTable, geometry: Geometry, choice: HorizonChoice
) -> ColumnGuess:
    if choice.columns is None:
        return guess_columns(path, table, geometry)
    if choice.columns.z is None or not (choice.columns.has_lines or choice.columns.has_map):
        raise HorizonError(
            f"The columns chosen for {path.name} do not say where picks lie. "
            "Choose z, and inline and crossline or x and y."
        )
    return ColumnGuess(choice.columns, "certain: chosen by hand")


def _column(path: Path, table: PickTable, number: int | None) -> NDArray[np.float64]:
    width = table.values.shape[1]
    if number is None or not 0 <= number < width:
        shown = "none" if number is None else number + 1
        raise HorizonError(f"{path.name} has columns 1-{width}, not {shown}. Choose one of them.")
    return table.values[:, number]


def _positions(path: Path, table: PickTable, columns: Columns, geometry: Geometry) -> Positions:
    if columns.has_lines:
        inline = _column(path, table, columns.inline)
        return line_positions(inline, _column(path, table, columns.crossline), geometry)
    x, y = _column(path, table, columns.x), _column(path, table, columns.y)
    return map_positions(x, y, geometry)


def _named_unit(table: PickTable, columns: Columns) -> str | None:
    return unit_of(table.names[columns.z]) if table.names and columns.z is not None else None


def _count_live(positions: Positions, geometry: Geometry, nearest: bool) -> int:
    inside = (in_bins if nearest else on_lines)(positions, geometry)
    i, j = (np.round(index[inside]).astype(int) for index in positions)
    i, j = np.clip(i, 0, geometry.shape[0] - 1), np.clip(j, 0, geometry.shape[1] - 1)
    return int(geometry.live_mask[i, j].sum())


def _need_values(path: Path, defined: NDArray[np.bool_]) -> None:
    if not defined.any():
        raise HorizonError(
            f"{path.name} has {defined.size} values, none of them defined. Choose another horizon."
        )


def _outside(path: Path, geometry: Geometry) -> HorizonError:
    return HorizonError(
        f"{path.name} has no pick on the survey's inlines {geometry.inlines[0]}-"
        f"{geometry.inlines[-1]} and crosslines {geometry.crosslines[0]}-"
        f"{geometry.crosslines[-1]}. Choose a horizon of this survey, or other columns."
    )
