"""Where wells stand among the traces of a survey; those that stand elsewhere are left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.wells.rows import WellRows
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.positions import (
    has_map,
    in_bins,
    line_positions,
    map_positions,
)

Place = tuple[float, float]
"""Fractional indices (i, j)."""


def place_wells(
    path: Path, rows: WellRows, geometry: Geometry, *, on_map: bool
) -> tuple[dict[int, Place], list[str]]:
    """Find the places of wells.

    Parameters
    ----------
    path : Path
        For messages.
    rows : WellRows
        A row that does not say a place has that of the well's other rows.
    geometry : Geometry
        The survey's.
    on_map : bool
        Whether places are x and y.

    Returns
    -------
    dict of int to tuple of float
        By number of the well.
    list of str
        Why others are left out.

    Raises
    ------
    WellError
        If places are x and y and the survey has no map coordinates.
    """
    if on_map and not has_map(geometry):
        raise WellError(
            f"{path.name} says x and y, and the survey has no map coordinates. Give inline and "
            "crossline, or open the SEG-Y with its coordinate bytes."
        )
    indices = map_positions if on_map else line_positions
    i, j = indices(rows.places[:, 0], rows.places[:, 1], geometry)
    places: dict[int, Place] = {}
    left_out: list[str] = []
    for well, held in rows_by_well(rows):
        known = held[np.isfinite(i[held]) & np.isfinite(j[held])]
        reason = _refused(rows, known, i, j, geometry, on_map)
        if reason:
            left_out.append(f"{rows.wells[well]} is left out: {reason}.")
        else:
            places[well] = float(i[known[0]]), float(j[known[0]])
    return places, left_out


def rows_by_well(rows: WellRows) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Give each well's number and its rows, in the order of the file."""
    order = np.argsort(rows.well, kind="stable")
    starts = np.searchsorted(rows.well[order], np.arange(len(rows.wells) + 1))
    for well in range(len(rows.wells)):
        yield well, order[starts[well] : starts[well + 1]]


def _refused(
    rows: WellRows,
    known: NDArray[np.intp],
    i: NDArray[np.float64],
    j: NDArray[np.float64],
    geometry: Geometry,
    on_map: bool,
) -> str:
    """Say why a well cannot be used; empty where it can."""
    if not known.size:
        return "none of its rows says where it is"
    away = np.maximum(np.abs(i[known] - i[known[0]]), np.abs(j[known] - j[known[0]]))
    if away.max() > 0.5:
        pair = f"rows {rows.number[known[0]]} and {rows.number[known[away.argmax()]]}"
        return f"it is not vertical: {pair} lie {away.max():.1f} traces apart"
    if in_bins((i[known[:1]], j[known[:1]]), geometry).all():
        return ""
    names = ("x", "y") if on_map else ("inline", "crossline")
    where = ", ".join(
        f"{name} {value:g}" for name, value in zip(names, rows.places[known[0]], strict=True)
    )
    return (
        f"{where} lies outside inlines {geometry.inlines[0]}-{geometry.inlines[-1]} and "
        f"crosslines {geometry.crosslines[0]}-{geometry.crosslines[-1]}"
    )
