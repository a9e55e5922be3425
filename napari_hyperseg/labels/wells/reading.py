"""Read wells from a CSV file onto a survey."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.wells.classes import facies_of
from napari_hyperseg.labels.wells.columns import find_columns
from napari_hyperseg.labels.wells.content import Well, WellChoice, WellFile, WellInterval
from napari_hyperseg.labels.wells.intervals import (
    Stretches,
    from_intervals,
    from_tops,
    sequences,
)
from napari_hyperseg.labels.wells.order import common_order
from napari_hyperseg.labels.wells.positions import Place, place_wells
from napari_hyperseg.labels.wells.rows import WellRows, read_rows
from napari_hyperseg.labels.wells.table import read_table
from napari_hyperseg.labels.wells.vertical import to_survey
from napari_hyperseg.survey.geometry import Geometry

_TOLD = 3  # contradictions between wells
Facies = list[str | int | None]


def read_wells(path: str | Path, geometry: Geometry, choice: WellChoice | None = None) -> WellFile:
    """Read vertical wells with their facies, or their tops.

    Parameters
    ----------
    path : str or Path
        Text with columns between ; or , or tabs, under a row of names: the well, where it is
        (inline and crossline, or x and y), and either top, base and facies, or the name of a
        top and its time or depth.
    geometry : Geometry
        The survey's.
    choice : WellChoice, optional
        What the user knows better.

    Returns
    -------
    WellFile
        Wells more than half a bin outside the survey, and those that are not vertical, are
        left out, and told of.

    Raises
    ------
    WellError
        If the file is damaged, is of another domain than the survey, or no well is left.
    """
    path, choice = Path(path).expanduser(), choice or WellChoice()
    table = read_table(path)
    columns = find_columns(table, geometry.domain, choice.columns)
    rows = read_rows(table, columns)
    rows, notes = to_survey(path, rows, geometry, choice.unit or columns.unit)
    facies = facies_of(path, rows.names, by_code=columns.by_code)
    tops = columns.base is None
    stretches = from_tops(rows) if tops else from_intervals(table, rows, geometry)
    places, left_out = place_wells(path, rows, geometry, on_map=columns.on_map)
    intervals = _by_well(stretches, facies)
    left_out += _without_intervals(rows, places, intervals, tops)
    wells = _wells(rows, places, intervals)
    if not wells:
        raise WellError(f"{path.name} has no well to label with. {' '.join(left_out[:1])}")
    order, doubts = _classes(rows, facies, {f for one in wells for f in _facies_in(one)}, tops)
    all_notes = (*columns.notes, *notes, *stretches.notes, *doubts, *left_out)
    return WellFile(wells, order, len(rows.wells), all_notes)


def _by_well(stretches: Stretches, facies: Facies) -> dict[int, tuple[WellInterval, ...]]:
    """Make intervals, without those that say nothing."""
    found: dict[int, list[WellInterval]] = {}
    columns = (stretches.well, stretches.name, stretches.top, stretches.base)
    for well, name, top, base in zip(*(column.tolist() for column in columns), strict=True):
        what = facies[name]
        if what is not None:
            found.setdefault(well, []).append(WellInterval(top, base, what))
    return {well: tuple(intervals) for well, intervals in found.items()}


def _wells(
    rows: WellRows, places: Mapping[int, Place], intervals: Mapping[int, tuple[WellInterval, ...]]
) -> tuple[Well, ...]:
    return tuple(
        Well(rows.wells[well], *places[well], intervals[well])
        for well in places
        if well in intervals
    )


def _without_intervals(
    rows: WellRows,
    places: Mapping[int, Place],
    intervals: Mapping[int, tuple[WellInterval, ...]],
    tops: bool,
) -> list[str]:
    reason = "it needs two tops, one below the other" if tops else "it has no facies"
    bare = (rows.wells[well] for well in places if well not in intervals)
    return [f"{name} is left out: {reason}." for name in bare]


def _facies_in(well: Well) -> set[str | int]:
    return {interval.facies for interval in well.intervals}


def _classes(
    rows: WellRows, facies: Facies, used: set[str | int], tops: bool
) -> tuple[tuple[str | int, ...], list[str]]:
    """Put the classes in stratigraphic order; say where the tops of wells contradict it."""
    order, contradictions = common_order(sequences(rows))
    classes = dict.fromkeys(facies[name] for name in order)
    doubts = [
        f"Wells differ in whether {rows.names[upper]} or {rows.names[lower]} is on top."
        for upper, lower in contradictions[:_TOLD]
    ]
    return tuple(one for one in classes if one is not None and one in used), doubts if tops else []
