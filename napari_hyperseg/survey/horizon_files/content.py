"""What a horizon file holds, before it is put on a survey: rows of numbers, or a map grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Cells = tuple[tuple[str, ...], ...]
"""The first rows of a file as text, to show."""


@dataclass(frozen=True)
class Columns:
    """Which column, counted from 0, holds what; None: not in the file.

    Parameters
    ----------
    inline, crossline : int or None
        Survey line numbers.
    x, y : int or None
        Map coordinates.
    z : int or None
        Two-way time or depth.
    """

    inline: int | None = None
    crossline: int | None = None
    x: int | None = None
    y: int | None = None
    z: int | None = None

    @property
    def has_lines(self) -> bool:
        """Whether inline and crossline are known."""
        return self.inline is not None and self.crossline is not None

    @property
    def has_map(self) -> bool:
        """Whether x and y are known."""
        return self.x is not None and self.y is not None


@dataclass(frozen=True, eq=False)
class PickTable:
    """Rows of numbers, a pick each.

    Parameters
    ----------
    values : ndarray of float64, shape (n_picks, n_columns)
        NaN in columns that hold text.
    cells : tuple of tuple of str
        The first rows as text.
    names : tuple of str
        Name of every column, as the header has it; empty without a header.
    columns : Columns or None
        What the format itself fixes.
    unit : str or None
        What the header says of z: "ms", "s", "m", "ft", "time", "depth".
    undefined : tuple of float
        Values the header calls undefined.
    warnings : tuple of str
        What was left out.
    """

    values: NDArray[np.float64]
    cells: Cells
    names: tuple[str, ...] = ()
    columns: Columns | None = None
    unit: str | None = None
    undefined: tuple[float, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class MapGrid:
    """Values at the nodes of a regular grid on the map, of any rotation.

    Parameters
    ----------
    values : ndarray of float64, shape (n_u, n_v)
        NaN where undefined.
    origin : tuple of float
        Map coordinates of ``values[0, 0]``.
    step_u, step_v : tuple of float
        Map vector from a node to the next along the first and the second axis.
    cells : tuple of tuple of str
        The first lines of the file as text.
    unit : str or None
        What the header says of the values.
    warnings : tuple of str
        What was left out.
    """

    values: NDArray[np.float64]
    origin: tuple[float, float]
    step_u: tuple[float, float]
    step_v: tuple[float, float]
    cells: Cells = ()
    unit: str | None = None
    warnings: tuple[str, ...] = ()


Content = PickTable | MapGrid
