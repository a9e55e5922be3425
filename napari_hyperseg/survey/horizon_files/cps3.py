"""CPS-3 grids (``FSASCI``) and CPS-3 points or lines (``FFASCI``, ``->`` between lines).

Source: Schlumberger's CPS-3 ASCII exchange as Petrel writes it.  ``FSLIMI x_min x_max y_min
y_max z_min z_max``, ``FSNROW rows columns``, ``FSXINC x_step y_step``, ``->name``, then each
column from north to south, west to east.  The last number of FSASCI is the undefined value.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.horizon_files.content import Columns, MapGrid, PickTable
from napari_hyperseg.survey.horizon_files.numbers import (
    header_numbers,
    header_size,
    node_step,
    read_numbers,
)
from napari_hyperseg.survey.horizon_files.rows import plain_row, read_rows
from napari_hyperseg.survey.horizon_files.text import as_number, numbered_lines, read_head

GRID_NAME = "CPS-3 grid"
POINTS_NAME = "CPS-3 points"
UNDEFINED = 1e30
_RECORD = re.compile(r"^F[SF][A-Z]{4}\b")


def recognises_grid(head: str) -> bool:
    """A record FSNROW or FSLIMI is at the top."""
    return bool(re.search(r"^\s*FS(NROW|LIMI|ASCI)\b", head, re.MULTILINE))


def recognises_points(head: str) -> bool:
    """A record FFASCI is at the top, or lines are kept apart by ``->``."""
    return bool(re.search(r"^\s*(FFASCI\b|FFATTR\b|->)", head, re.MULTILINE))


def read_grid(path: Path) -> MapGrid:
    """Read a grid.

    Raises
    ------
    HorizonError
        If header or body are damaged.
    """
    records, after = _records(path)
    x_min, x_max, y_min, y_max = header_numbers(path, *_record(path, records, "FSLIMI"), 4)
    number, cells = _record(path, records, "FSNROW")
    rows, columns = (header_size(path, number, n) for n in header_numbers(path, number, cells, 2))
    values = read_numbers(path, after, (columns, rows))
    values = np.where(np.isclose(values, _undefined(records), rtol=1e-6, atol=0), np.nan, values)
    x_step = node_step(path, number, x_min, x_max, columns)
    y_step = node_step(path, number, y_min, y_max, rows)
    shown = tuple(tuple(line.split()) for line in read_head(path).splitlines()[:10])
    return MapGrid(values, (x_min, y_max), (x_step, 0.0), (0.0, -y_step), shown)


def read_points(path: Path) -> PickTable:
    """Read the points of all lines."""
    records, _ = _records(path)
    undefined = (_undefined(records),) if "FFASCI" in records else ()
    table = read_rows(path, _row)
    return replace(table, columns=Columns(x=0, y=1, z=2), undefined=undefined)


def _row(line: str) -> str | None:
    return None if line.startswith("->") or _RECORD.match(line) else plain_row(line)


def _records(path: Path) -> tuple[dict[str, tuple[int, list[str]]], int]:
    """Give the records by name with their lines, and the last line of the header."""
    records: dict[str, tuple[int, list[str]]] = {}
    after = 0
    for number, line in numbered_lines(path):
        if _RECORD.match(line):
            records[line[:6]] = number, re.sub(r'"[^"]*"', "", line[6:]).split()
        elif line and line[0] not in "#!" and not line.startswith("->"):
            break
        after = number
    return records, after


def _record(
    path: Path, records: dict[str, tuple[int, list[str]]], name: str
) -> tuple[int, list[str]]:
    if name not in records:
        raise HorizonError(f"{path.name} has no record {name} in its header. Export it again.")
    return records[name]


def _undefined(records: dict[str, tuple[int, list[str]]]) -> float:
    """Give the header's undefined value: the number of FSASCI that is no small code."""
    _, cells = records.get("FSASCI") or records.get("FFASCI") or (0, [])
    numbers = [value for cell in cells if (value := as_number(cell)) is not None]
    return max(numbers, key=abs, default=UNDEFINED) if len(numbers) > 2 else UNDEFINED
