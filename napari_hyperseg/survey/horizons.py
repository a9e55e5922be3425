"""Horizons as text: a line "inline crossline twt_ms" for every trace.

Owns reading such files onto a survey's grid and writing them back.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry

UNDEFINED = 1e29  # OpendTect writes 1e30 where a horizon is not defined


def read_horizon(path: str | Path, geometry: Geometry) -> NDArray[np.float64]:
    """Read a horizon onto the survey's grid.

    Parameters
    ----------
    path : str or Path
        Text with three numbers a line; lines that start with ``#`` or ``!`` are comments.
    geometry : Geometry
        The survey it belongs to.

    Returns
    -------
    ndarray of float64, shape (n_inlines, n_crosslines)
        Two-way time in ms; NaN where the file has none.  Traces outside the survey are
        left out; of repeated traces the last counts.

    Raises
    ------
    HorizonError
        If the file is not such text, or no trace of it lies in the survey.
    """
    path = Path(path).expanduser()
    table = _read_table(path)
    i = (table[:, 0] - geometry.inlines[0]) / geometry.inline_step
    j = (table[:, 1] - geometry.crosslines[0]) / geometry.crossline_step
    inside = _on_grid(i, len(geometry.inlines)) & _on_grid(j, len(geometry.crosslines))
    if not inside.any():
        raise HorizonError(_outside_message(path, table, geometry))
    horizon = np.full(geometry.shape[:2], np.nan)
    horizon[i[inside].astype(int), j[inside].astype(int)] = table[inside, 2]
    return horizon


def write_horizon(path: str | Path, horizon: NDArray[np.float64], geometry: Geometry) -> None:
    """Write a horizon as "inline crossline twt_ms", to a hundredth of a ms; NaN is left out.

    Parameters
    ----------
    path : str or Path
        Text file to write; replaced if it exists.
    horizon : ndarray, shape (n_inlines, n_crosslines)
        Two-way time in ms.
    geometry : Geometry
        The survey it belongs to.

    Raises
    ------
    HorizonError
        If the horizon does not have the survey's shape.
    """
    if horizon.shape != geometry.shape[:2]:
        raise HorizonError(
            f"The horizon has shape {horizon.shape}, the survey {geometry.shape[:2]}. "
            "Give one time per trace."
        )
    i, j = np.nonzero(np.isfinite(horizon))
    rows = np.column_stack([geometry.inlines[i], geometry.crosslines[j], horizon[i, j]])
    np.savetxt(Path(path), rows, fmt="%d %d %.2f")


def _read_table(path: Path) -> NDArray[np.float64]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # "no data": reported below
            table = np.loadtxt(path, comments=["#", "!"], ndmin=2)
    except OSError as error:
        raise HorizonError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, UnicodeError) as error:
        raise HorizonError(
            f"{path.name} is not a horizon: {str(error).split(';')[0]}. "
            'Write one "inline crossline twt_ms" a line.'
        ) from error
    if table.size == 0 or table.shape[1] != 3:
        columns = table.shape[1] if table.size else 0
        raise HorizonError(
            f"{path.name} is not a horizon: it has {columns} columns. "
            'Write one "inline crossline twt_ms" a line.'
        )
    return table[np.isfinite(table).all(axis=1) & (np.abs(table) < UNDEFINED).all(axis=1)]


def _on_grid(index: NDArray[np.float64], count: int) -> NDArray[np.bool_]:
    return (index == np.round(index)) & (index >= 0) & (index < count)


def _outside_message(path: Path, table: NDArray[np.float64], geometry: Geometry) -> str:
    found = "nothing"
    if len(table):
        low, high = table[:, :2].min(axis=0), table[:, :2].max(axis=0)
        found = f"inlines {low[0]:g}-{high[0]:g} and crosslines {low[1]:g}-{high[1]:g}"
    inlines, crosslines = geometry.inlines, geometry.crosslines
    return (
        f"{path.name} has {found}; the survey has inlines {inlines[0]}-{inlines[-1]} and "
        f"crosslines {crosslines[0]}-{crosslines[-1]}. Choose a horizon of this survey."
    )
