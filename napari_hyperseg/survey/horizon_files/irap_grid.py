"""IRAP classic grids: 19 header numbers, then rows from the origin, x running fastest.

Source: Roxar's IRAP classic ASCII grid: ``-996 n_rows x_step y_step``, ``x_min x_max y_min
y_max``, ``n_columns rotation x_origin y_origin``, seven zeros; rotation in degrees, counter
to the clock; 9999900 where undefined.  A negative y_step turns the second axis round.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.horizon_files.content import MapGrid
from napari_hyperseg.survey.horizon_files.numbers import (
    header_numbers,
    header_size,
    read_numbers,
)
from napari_hyperseg.survey.horizon_files.text import numbered_lines, read_head

NAME = "IRAP classic grid"
UNDEFINED_FROM = 9999899.0
HEADER_NUMBERS = 19


def recognises(head: str) -> bool:
    """The first number is -996."""
    return head.split(maxsplit=1)[0] == "-996"


def read(path: Path) -> MapGrid:
    """Read the grid.

    Raises
    ------
    HorizonError
        If header or body are damaged.
    """
    header, after = _header(path)
    _, n_rows, x_step, y_step, _, _, _, _, n_columns, degrees, x, y = header[:12]
    shape = header_size(path, 1, n_rows), header_size(path, after, n_columns)
    if x_step == 0 or y_step == 0:
        raise HorizonError(f"{path.name} has a grid step of 0. Export the grid again.")
    values = read_numbers(path, after, shape).T
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return MapGrid(
        np.where(values >= UNDEFINED_FROM, np.nan, values),
        (x, y),
        (x_step * cos, x_step * sin),
        (-y_step * sin, y_step * cos),
        tuple(tuple(line.split()) for line in read_head(path).splitlines()[:10]),
    )


def _header(path: Path) -> tuple[list[float], int]:
    """Give the header's numbers and the line where they end."""
    numbers: list[float] = []
    for number, line in numbered_lines(path):
        cells = line.split()
        numbers += header_numbers(path, number, cells, len(cells))
        if len(numbers) >= HEADER_NUMBERS:
            return numbers, number
    raise HorizonError(
        f"{path.name} ends in its header, after {len(numbers)} of {HEADER_NUMBERS} numbers. "
        "Export the grid again."
    )
