"""EarthVision grids and scattered data: ``#`` directives, then x y z, often column and row.

Source: Dynamic Graphics' EarthVision ASCII as Petrel and RMS write it: ``# Type: scattered
data``, ``# Field: 3 z meters``, ``# Grid_size: 481 x 521``, ``# Null_value: 1e30``, ``# End:``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from napari_hyperseg.survey.horizon_files.content import MapGrid, PickTable
from napari_hyperseg.survey.horizon_files.header_names import named_columns, unit_of
from napari_hyperseg.survey.horizon_files.rows import read_rows
from napari_hyperseg.survey.horizon_files.text import as_number, read_head
from napari_hyperseg.survey.horizon_files.vertical import blank_undefined

NAME = "EarthVision"
OFF_GRID = 0.01  # of a cell
_FIELD = re.compile(r"^#\s*Field:\s*(\d+)\s+(\S.*?)\s*$", re.MULTILINE | re.IGNORECASE)
_NULL = re.compile(r"^#\s*Null(?:_value)?:?\s+(\S+)", re.MULTILINE | re.IGNORECASE)
_UNITS = re.compile(r"^#\s*Z_units:\s*(\S+)", re.MULTILINE | re.IGNORECASE)


def recognises(head: str) -> bool:
    """A directive gives the type of the data or a field."""
    return bool(re.search(r"^#\s*(Type:\s*(scattered|grid)|Field:\s*\d)", head, re.M | re.I))


def read(path: Path) -> PickTable | MapGrid:
    """Read the nodes: as a grid where column and row say so, else as points."""
    head = read_head(path)
    table = read_rows(path)
    fields = {int(number) - 1: name for number, name in _FIELD.findall(head)}
    width = table.values.shape[1]
    names = tuple(fields.get(n, "xyz"[n] if n < 3 else "") for n in range(width))
    columns = named_columns(tuple(name.split()[0] if name else "" for name in names))
    unit = unit_of(names[columns.z]) if columns.z is not None else None
    stated = _UNITS.search(head)
    null = _NULL.search(head)
    value = as_number(null.group(1)) if null else None
    table = replace(
        table,
        names=names,
        columns=columns if columns.z is not None else None,
        unit=unit or (unit_of(stated.group(1)) if stated else None),
        undefined=() if value is None else (value,),
    )
    return _as_grid(table) or table


def _as_grid(table: PickTable) -> MapGrid | None:
    """Fit ``(x, y)`` as an affine map of ``(column, row)``; None where that is not exact."""
    lower = [name.lower().split(" ")[0] for name in table.names]
    columns = table.columns
    if (
        columns is None
        or columns.x is None
        or columns.y is None
        or not {"column", "row"} <= set(lower)
    ):
        return None
    nodes = table.values[:, [lower.index("column"), lower.index("row")]]
    where = table.values[:, [columns.x, columns.y]]
    if not (np.isfinite(nodes).all() and np.isfinite(where).all() and len(nodes) > 3):
        return None
    first, last = nodes.min(axis=0), nodes.max(axis=0)
    if (nodes != np.round(nodes)).any() or np.prod(last - first + 1) > 4 * len(nodes):
        return None
    terms = np.column_stack([nodes - first, np.ones(len(nodes))])
    fit, _, rank, _ = np.linalg.lstsq(terms, where, rcond=None)
    cell = np.linalg.norm(fit[:2], axis=1).min()
    if rank < 3 or np.abs(terms @ fit - where).max() > OFF_GRID * cell:
        return None
    z, notes = blank_undefined(table.values[:, columns.z], table.undefined)
    values = np.full(tuple((last - first + 1).astype(int)), np.nan)
    values[tuple((nodes - first).astype(int).T)] = z
    origin, step_u, step_v = (float(fit[2, 0]), float(fit[2, 1])), fit[0], fit[1]
    return MapGrid(
        values,
        origin,
        (float(step_u[0]), float(step_u[1])),
        (float(step_v[0]), float(step_v[1])),
        table.cells,
        table.unit,
        table.warnings + notes,
    )
