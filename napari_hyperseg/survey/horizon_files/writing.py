"""Write a horizon in a format that other programs read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.positions import need_map
from napari_hyperseg.survey.horizon_files.write_columns import (
    write_csv,
    write_irap_points,
    write_opendtect,
    write_opendtect_xy,
)
from napari_hyperseg.survey.horizon_files.write_geojson import write_geojson
from napari_hyperseg.survey.horizon_files.write_grids import write_irap, write_zmap
from napari_hyperseg.survey.replacing import replacing


@dataclass(frozen=True)
class HorizonWriter:
    """A format that horizons are written in.

    Parameters
    ----------
    name : str
        What the caller says.
    suffix : str
        Usual extension of its files.
    write : callable
        Writes (path, horizon, geometry, name of the horizon).
    needs_map : bool
        Whether the survey must have map coordinates.
    """

    name: str
    suffix: str
    write: Callable[[Path, NDArray[np.float64], Geometry, str], None]
    needs_map: bool


WRITERS = (
    HorizonWriter("opendtect", ".txt", write_opendtect, needs_map=False),
    HorizonWriter("opendtect-xy", ".txt", write_opendtect_xy, needs_map=True),
    HorizonWriter("csv", ".csv", write_csv, needs_map=False),
    HorizonWriter("irap", ".irap", write_irap, needs_map=True),
    HorizonWriter("irap-points", ".poi", write_irap_points, needs_map=True),
    HorizonWriter("zmap", ".zmap", write_zmap, needs_map=True),
    HorizonWriter("geojson", ".geojson", write_geojson, needs_map=True),
)


def write_horizon_file(
    path: str | Path, horizon: NDArray[np.float64], geometry: Geometry, format_name: str
) -> None:
    """Write a horizon, to a thousandth of the survey's vertical unit.

    Parameters
    ----------
    path : str or Path
        File to write; replaced if it exists, once all is written.
    horizon : ndarray, shape (n_inlines, n_crosslines)
        In the survey's vertical unit; NaN where absent.
    geometry : Geometry
        The survey.
    format_name : str
        One of `WRITERS`: "opendtect", "opendtect-xy", "csv", "irap", "irap-points", "zmap",
        "geojson".

    Raises
    ------
    HorizonError
        If the horizon does not fit the survey or has no value, the format is not known or
        needs map coordinates that the survey has not, or the file cannot be written.
    """
    path = Path(path).expanduser()
    writer = find_writer(format_name)
    horizon = np.asarray(horizon, np.float64)
    if horizon.shape != geometry.shape[:2]:
        raise HorizonError(
            f"The horizon has shape {horizon.shape}, the survey {geometry.shape[:2]}. "
            "Give one value per trace."
        )
    if not np.isfinite(horizon).any():
        raise HorizonError(f"The horizon for {path.name} has no value. Pick it first.")
    if writer.needs_map:
        need_map(geometry)
    try:
        with replacing(path) as beside:
            writer.write(beside, horizon, geometry, path.stem)
    except OSError as error:
        raise HorizonError(f"{path} cannot be written: {error.strerror or error}.") from error


def find_writer(name: str) -> HorizonWriter:
    """Return the writer of a format.

    Raises
    ------
    HorizonError
        If there is none of that name.
    """
    for writer in WRITERS:
        if writer.name == name:
            return writer
    known = ", ".join(writer.name for writer in WRITERS)
    raise HorizonError(f'Horizons are not written as "{name}". Choose one of: {known}.')
