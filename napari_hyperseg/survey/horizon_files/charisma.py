"""Charisma 3D horizons: ``INLINE :  123 XLINE :  456 x y z``, a name before or after.

Source: the "Charisma 3D interpretation" export of Petrel, with the variants of the
markers that are found in the wild (joined, with ``-`` or ``=``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from napari_hyperseg.survey.horizon_files.content import Columns, PickTable
from napari_hyperseg.survey.horizon_files.rows import plain_row, read_rows

NAME = "Charisma"
_ROW = re.compile(
    r"^.*?\bINLINE\s*[:=-]?\s*(\d\S*)\s+(?:(?:XLINE|CROSSLINE|XL|CDP|TRACE)\s*[:=-]?)?\s*(.*)$",
    re.I,
)


def recognises(head: str) -> bool:
    """A row starts with the marker of its inline."""
    lines = (plain_row(line.strip()) for line in head.splitlines())
    return any(_ROW.match(line) for line in lines if line)


def read(path: Path) -> PickTable:
    """Read the rows without their markers and names."""
    table = read_rows(path, _row)
    with_map = table.values.shape[1] >= 5
    columns = Columns(0, 1, 2, 3, 4) if with_map else Columns(0, 1, z=2)
    return replace(table, columns=columns, names=())


def _row(line: str) -> str | None:
    match = _ROW.match(line)
    return f"{match[1]} {match[2]}" if match else plain_row(line)
