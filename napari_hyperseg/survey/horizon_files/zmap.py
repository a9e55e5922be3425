"""ZMAP+ grids: comments, a header between two ``@``, columns from the north-west.

Source: Landmark's ZMAP Plus ASCII grid, as GDAL documents it: ``@name, GRID, nodes a
line``; ``width, null, null text, decimals, first column``; ``rows, columns, x_min, x_max,
y_min, y_max``; each column runs from north to south, and fields of fixed width may touch.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.horizon_files.content import MapGrid
from napari_hyperseg.survey.horizon_files.numbers import (
    header_numbers,
    header_size,
    node_step,
    read_numbers,
)
from napari_hyperseg.survey.horizon_files.text import (
    as_number,
    numbered_lines,
    read_head,
)

NAME = "ZMAP+ grid"


def recognises(head: str) -> bool:
    """After comments the first line starts with @ and names a grid."""
    lines = (line.strip() for line in head.splitlines())
    first = next((line for line in lines if line and not line.startswith("!")), "")
    return first.startswith("@") and "GRID" in first.upper()


def read(path: Path) -> MapGrid:
    """Read the grid.

    Raises
    ------
    HorizonError
        If header or body are damaged.
    """
    lines, after = _header(path)
    (_, (number, form)), (extent_number, extent) = lines[0:2], lines[2]
    rows, columns, x_min, x_max, y_min, y_max = header_numbers(path, extent_number, extent, 6)
    shape = header_size(path, extent_number, columns), header_size(path, extent_number, rows)
    width = header_numbers(path, number, form, 1)[0]
    values = _body(path, after, shape, int(width))
    for null in (as_number(cell) for cell in form[1:3]):
        if null is not None:
            values = np.where(np.isclose(values, null, rtol=1e-6, atol=0), np.nan, values)
    x_step = node_step(path, extent_number, x_min, x_max, shape[0])
    y_step = node_step(path, extent_number, y_min, y_max, shape[1])
    cells = tuple(tuple(line.split()) for line in read_head(path).splitlines()[:10])
    return MapGrid(values, (x_min, y_max), (x_step, 0.0), (0.0, -y_step), cells)


def _header(path: Path) -> tuple[list[tuple[int, list[str]]], int]:
    """Give the header's lines, split at commas, and the line of the closing @."""
    lines: list[tuple[int, list[str]]] = []
    for number, line in numbered_lines(path):
        if line.startswith("!") or not line:
            continue
        if line.startswith("@") and len(lines) >= 3:
            return lines, number
        lines.append((number, [cell.strip() for cell in line.split(",")]))
        if len(lines) > 6:
            break
    raise HorizonError(f"{path.name} has no complete ZMAP+ header. Export the grid again.")


def _body(path: Path, after: int, shape: tuple[int, int], width: int) -> NDArray[np.float64]:
    try:
        return read_numbers(path, after, shape)
    except HorizonError:
        touching = _fixed_width(path, after, width)
        if touching is None or touching.size != shape[0] * shape[1]:
            raise
        return touching.reshape(shape)


def _fixed_width(path: Path, after: int, width: int) -> NDArray[np.float64] | None:
    """Cut lines into fields of one width; None where that gives no numbers."""
    if width < 1:
        return None
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        lines = [line.rstrip() for number, line in enumerate(file, 1) if number > after]
    fields = [line[at : at + width] for line in lines for at in range(0, len(line), width)]
    try:
        return np.array(fields, np.float64)
    except ValueError:
        return None
