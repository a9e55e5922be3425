"""Rows of numbers, parsed in bulk by numpy.

Finds separator, header and text columns from the first rows.  A line is looked at by
itself only after numpy has refused the file, to say which one it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.horizon_files.content import PickTable
from napari_hyperseg.survey.horizon_files.text import as_number, bad_line, numbered_lines, shorten

Rule = Callable[[str], str | None]
"""Gives of a line the row to parse, or None where the line is no row."""

SAMPLE_ROWS = 200
SHOWN_ROWS = 10
BEYOND = 1e100  # no coordinate and no undefined value is as large
_EMPTY_CELL = re.compile(r"(?:^|(?<=[,;]))\s*(?=[,;]|$)")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


def plain_row(line: str) -> str | None:
    """Leave out empty lines and comments, which start with ``#`` or ``!``."""
    return None if not line or line[0] in "#!" else line


def read_rows(path: Path, rule: Rule = plain_row, after: int = 0) -> PickTable:
    """Read the rows of a file past line `after` as numbers.

    Raises
    ------
    HorizonError
        If there is no row of numbers, or a row is damaged: names the line and the value.
    """
    layout = _find_layout(path, rule, after)
    rows = (layout.fill(row) for _, row in _rows(path, rule, layout.after))
    try:
        parsed = np.loadtxt(
            rows, delimiter=layout.delimiter, comments=None, usecols=layout.used, ndmin=2
        )
    except ValueError as error:
        raise _first_bad_row(path, rule, layout, str(error)) from error
    parsed[~(np.abs(parsed) < BEYOND)] = np.nan
    left_out = [n + 1 for n in range(layout.width) if n not in layout.numeric]
    note = (f"Column {', '.join(map(str, left_out))} is text and left out.",) if left_out else ()
    return PickTable(layout.widen(parsed), layout.cells, layout.names, warnings=note)


@dataclass(frozen=True)
class _Layout:
    delimiter: str | None
    after: int
    width: int
    numeric: tuple[int, ...]
    names: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    @property
    def used(self) -> tuple[int, ...] | None:
        return None if len(self.numeric) == self.width else self.numeric

    def fill(self, row: str) -> str:
        return _EMPTY_CELL.sub("nan", row) if self.delimiter else row

    def widen(self, parsed: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.used is None:
            return parsed
        values = np.full((len(parsed), self.width), np.nan)
        values[:, self.numeric] = parsed
        return values


def _rows(path: Path, rule: Rule, after: int) -> Iterator[tuple[int, str]]:
    for number, line in numbered_lines(path, after):
        row = rule(line)
        if row is not None:
            yield number, row


def _find_layout(path: Path, rule: Rule, after: int) -> _Layout:
    sample = list(islice(_rows(path, rule, after), SAMPLE_ROWS))
    _refuse_decimal_comma(path, sample)
    cells = [split_cells(row) for _, row in sample]
    n_titles = next((n for n, row in enumerate(cells) if not _is_title(row)), len(cells))
    data = cells[n_titles:]
    if not data:
        raise HorizonError(f"{path.name} has no row of numbers. Choose a file with picks.")
    widths = [len(row) for row in data]
    width = max(set(widths), key=lambda width: (widths.count(width), width))
    numeric = tuple(n for n in range(width) if _is_numeric(data, n))
    titles = cells[n_titles - 1] if n_titles else []
    names = tuple(titles) if len(titles) == width else ()
    return _Layout(
        _delimiter(sample[n_titles][1]),
        sample[n_titles - 1][0] if n_titles else after,
        width,
        numeric,
        names,
        tuple(tuple(row) for row in data[:SHOWN_ROWS]),
    )


def split_cells(row: str) -> list[str]:
    """Split a row at its separator: semicolon, comma, or blanks."""
    return [cell.strip().strip("\"'") for cell in row.split(_delimiter(row))]


def _delimiter(row: str) -> str | None:
    return next((mark for mark in ";," if mark in row), None)


def _is_title(row: list[str]) -> bool:
    """Say whether a row is words, with at most one number, which does not lead."""
    numbers = [as_number(cell) is not None for cell in row]
    return not numbers[0] and sum(numbers) < 2


def _is_numeric(rows: list[list[str]], column: int) -> bool:
    cells = [row[column] for row in rows if column < len(row)]
    return 2 * sum(not cell or as_number(cell) is not None for cell in cells) >= len(cells)


def _refuse_decimal_comma(path: Path, sample: list[tuple[int, str]]) -> None:
    for number, row in sample:
        cells = row.split(";") if ";" in row else row.split()
        commas = [cell for cell in map(str.strip, cells) if _DECIMAL_COMMA.fullmatch(cell)]
        if commas and len(cells) > 1:
            raise HorizonError(
                f"{path.name}, line {number}: {shorten(commas[0])} has a decimal comma. "
                "Export the horizon with decimal points."
            )


def _first_bad_row(path: Path, rule: Rule, layout: _Layout, reason: str) -> HorizonError:
    for number, row in _rows(path, rule, layout.after):
        cells = layout.fill(row).split(layout.delimiter)
        if len(cells) < layout.width or (layout.used is None and len(cells) > layout.width):
            return bad_line(path, number, f"{len(cells)} columns instead of {layout.width}")
        for column in layout.numeric:
            if as_number(cells[column]) is None:
                value = shorten(cells[column].strip())
                return bad_line(path, number, f"{value} in column {column + 1} is not a number")
    return HorizonError(f"{path.name} cannot be read: {reason.split(';')[0]}. Export it again.")
