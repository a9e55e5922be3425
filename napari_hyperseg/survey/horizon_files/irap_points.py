"""IRAP points: ``x y z`` rows, with ``999.0 999.0 999.0`` between segments.

Source: Roxar's IRAP classic points and polygons.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from napari_hyperseg.survey.horizon_files.content import Columns, PickTable
from napari_hyperseg.survey.horizon_files.rows import plain_row, read_rows

NAME = "IRAP points"
_SEPARATOR = re.compile(r"^999(?:\.0*)?(?:\s+999(?:\.0*)?){2}$")


def recognises(head: str) -> bool:
    """A row of three 999 ends a segment."""
    return any(_SEPARATOR.match(line.strip()) for line in head.splitlines())


def read(path: Path) -> PickTable:
    """Read the points of all segments."""
    return replace(read_rows(path, _row), columns=Columns(x=0, y=1, z=2))


def _row(line: str) -> str | None:
    return None if _SEPARATOR.match(line) else plain_row(line)
