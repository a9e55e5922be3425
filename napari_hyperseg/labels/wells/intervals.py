"""From rows to stretches of one facies: intervals as they stand, tops down to the next top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.wells.positions import rows_by_well
from napari_hyperseg.labels.wells.rows import NO_NAME, WellRows
from napari_hyperseg.labels.wells.table import CsvTable
from napari_hyperseg.survey.geometry import Geometry

_TOUCHING = 1e-6  # of a sample: as far may intervals overlap that were rounded
_LISTED = 5


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches of all wells, by well, and from top to bottom in each.

    Parameters
    ----------
    well, name : ndarray of int
        Indices into the wells and names of the rows.
    top, base : ndarray of float64
        In the survey's vertical unit.
    notes : tuple of str
        What is left out.
    """

    well: NDArray[np.intp]
    name: NDArray[np.intp]
    top: NDArray[np.float64]
    base: NDArray[np.float64]
    notes: tuple[str, ...]


def from_intervals(table: CsvTable, rows: WellRows, geometry: Geometry) -> Stretches:
    """Take rows with a top and a base; rows without a name or a number are left out.

    Raises
    ------
    WellError
        If a base is above its top, or two intervals of a well overlap.
    """
    known = np.isfinite(rows.top) & np.isfinite(rows.base)
    upside_down = np.flatnonzero(known & (rows.base < rows.top))
    if upside_down.size:
        row = upside_down[0]
        what = f"base {rows.base[row]:g} is above top {rows.top[row]:g}"
        raise table.fault(int(rows.number[row]), what)
    order = np.lexsort((rows.base, rows.top, rows.well))
    order = order[known[order] & (rows.name[order] != NO_NAME)]
    _refuse_overlaps(table, rows, order, _TOUCHING * geometry.sample_interval_ms)
    notes = [*_rows_without("top or base", rows, ~known)]
    well, top, base = rows.well[order], rows.top[order], rows.base[order]
    return Stretches(well, rows.name[order], top, base, tuple(notes))


def from_tops(rows: WellRows) -> Stretches:
    """Let each top reach down to the well's next one, and be called as it is.

    A top without a name ends what is above it.  Where a top is undefined, what lies between
    the tops before and after it in the file could be either, and is left out, too; the lowest
    top of a well has no base.
    """
    known = np.isfinite(rows.top)
    uncertain = _before_unknown(rows, known)
    order = np.lexsort((rows.top, rows.well))
    order = order[known[order]]
    upper, lower = order[:-1], order[1:]
    held = (rows.well[upper] == rows.well[lower]) & (rows.name[upper] != NO_NAME)
    held &= ~uncertain[upper]
    notes = [*_rows_without("time or depth", rows, ~known)]
    if uncertain.any():
        notes.append("What may hold such a top is left out: the interval that begins above it.")
    upper, lower = upper[held], lower[held]
    return Stretches(
        rows.well[upper], rows.name[upper], rows.top[upper], rows.top[lower], tuple(notes)
    )


def sequences(rows: WellRows) -> Iterator[tuple[Sequence[int], Sequence[float]]]:
    """Give each well's names, and where they begin, from top to bottom."""
    for _, held in rows_by_well(rows):
        held = held[np.isfinite(rows.top[held]) & (rows.name[held] != NO_NAME)]
        held = held[np.argsort(rows.top[held], kind="stable")]
        yield rows.name[held].tolist(), rows.top[held].tolist()


def _refuse_overlaps(
    table: CsvTable, rows: WellRows, order: NDArray[np.intp], tolerance: float
) -> None:
    upper, lower = order[:-1], order[1:]
    same = rows.well[upper] == rows.well[lower]
    over = np.flatnonzero(same & (rows.top[lower] < rows.base[upper] - tolerance))
    if over.size:
        first, second = upper[over[0]], lower[over[0]]
        what = (
            f"{rows.wells[rows.well[first]]} has {_extent(rows, first)} in row "
            f"{rows.number[first]} and {_extent(rows, second)}, which overlap"
        )
        raise table.fault(int(rows.number[second]), what, "Correct one of them.")


def _extent(rows: WellRows, row: int) -> str:
    return f"{rows.top[row]:g}-{rows.base[row]:g}"


def _before_unknown(rows: WellRows, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the row before an undefined one of the same well, in the order of the file."""
    marked = np.zeros(len(rows), bool)
    for _, held in rows_by_well(rows):
        if not known[held].all():
            last = np.maximum.accumulate(np.where(known[held], np.arange(held.size), -1))
            before = last[~known[held]]
            marked[held[before[before >= 0]]] = True
    return marked


def _rows_without(what: str, rows: WellRows, missing: NDArray[np.bool_]) -> list[str]:
    lines = rows.number[missing].tolist()
    if not lines:
        return []
    more = f" and {len(lines) - _LISTED} more" if len(lines) > _LISTED else ""
    listed = f"{', '.join(map(str, lines[:_LISTED]))}{more}"
    plural = "s" if len(lines) > 1 else ""
    return [f"Row{plural} {listed} without a {what}: left out."]
