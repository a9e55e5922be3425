"""The rows of a table of wells as columns of numbers, in the order of the file."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.wells.columns import WellColumns
from napari_hyperseg.labels.wells.table import Cells, CsvTable, number_of, shown

NO_NAME = -1
_Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WellRows:
    """All rows; arrays have one value per row.

    Parameters
    ----------
    wells, names : tuple of str
        Wells, and what intervals or tops are called, in the order in which they come.
    well, name : ndarray of int
        Index into them; -1 where nothing is named.
    places : ndarray of float64, shape (n_rows, 2)
        Inline and crossline, or x and y; NaN where the row does not say.
    top, base : ndarray of float64
        NaN where undefined; bases all NaN where the table has tops.
    number : ndarray of int
        Line in the file.
    """

    wells: tuple[str, ...]
    names: tuple[str, ...]
    well: NDArray[np.intp]
    name: NDArray[np.intp]
    places: NDArray[np.float64]
    top: _Numbers
    base: _Numbers
    number: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.well)


def read_rows(table: CsvTable, columns: WellColumns) -> WellRows:
    """Read all rows of a table.

    Raises
    ------
    WellError
        If there is none, or one is damaged: names the row and the value.
    """
    wells, names = _Names(), _Names()
    numeric = (*columns.place, columns.top, *([] if columns.base is None else [columns.base]))
    needed = 1 + max(columns.well, columns.name, *numeric)
    numbers = [_Parser(table, column) for column in numeric]
    well: list[int] = []
    name: list[int] = []
    lines: list[int] = []
    for row, cells in table.rows:
        _check_width(table, row, cells, needed)
        if not cells[columns.well]:
            raise table.fault(row, "the name of the well is empty")
        well.append(wells.index(cells[columns.well]))
        name.append(names.index(cells[columns.name]) if cells[columns.name] else NO_NAME)
        lines.append(row)
        for parser in numbers:
            parser.take(row, cells)
    if not well:
        raise WellError(f"{table.path.name} has a header and no row. Choose a file with wells.")
    values = [np.array(parser.values, np.float64) for parser in numbers]
    return WellRows(
        wells=tuple(wells.spelled),
        names=tuple(names.spelled),
        well=np.array(well, np.intp),
        name=np.array(name, np.intp),
        places=np.stack(values[:2], axis=-1),
        top=values[2],
        base=values[3] if columns.base is not None else np.full(len(well), np.nan),
        number=np.array(lines, np.intp),
    )


@dataclass
class _Names:
    """Numbers names as they come; capitals and blanks do not matter, the first spelling stays."""

    spelled: list[str] = field(default_factory=list)
    _indices: dict[str, int] = field(default_factory=dict)

    def index(self, name: str) -> int:
        found = self._indices.get(name)
        if found is None:
            words = " ".join(name.split())
            found = self._indices.setdefault(words.casefold(), len(self.spelled))
            if found == len(self.spelled):
                self.spelled.append(words)
            self._indices[name] = found
        return found


class _Parser:
    """Takes the numbers of one column."""

    def __init__(self, table: CsvTable, column: int) -> None:
        self.values: list[float] = []
        self._table, self._column = table, column

    def take(self, row: int, cells: Cells) -> None:
        cell = cells[self._column]
        value = number_of(cell, comma=self._table.comma)
        if value is None:
            title = self._table.names[self._column] or f"column {self._column + 1}"
            raise self._table.fault(
                row, f"{title} is {shown(cell)}, no number", "Correct it, or leave it empty."
            )
        self.values.append(value)


def _check_width(table: CsvTable, row: int, cells: Cells, needed: int) -> None:
    width = len(table.names)
    if len(cells) < needed or any(cells[width:]):
        advice = "Correct the row."
        if len(cells) > width and not table.comma:
            advice = "Decimal commas need ; or tabs between columns."
        raise table.fault(row, f"{len(cells)} columns instead of {width}", advice)
