"""Reading GeoTIFFs onto one grid.

Owns georeferencing and nodata.  Knows nothing of classes.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError  # what the warper raises; not exported
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.warp import reproject, transform_bounds

from examples.aquifer.failure import AquiferError

LARGEST_PX = 100_000_000
METRES_PER_DEGREE = 111_195


@dataclass(frozen=True)
class Georeference:
    """Where a grid lies.

    Parameters
    ----------
    crs : rasterio.crs.CRS
    transform : affine.Affine
        From (column, row) to coordinates.
    shape : (int, int)
        Rows and columns.
    """

    crs: Any
    transform: Any
    shape: tuple[int, int]

    @property
    def pixel_m(self) -> float:
        """Length of a pixel's side in metres, roughly where coordinates are degrees."""
        side = float(abs(self.transform.determinant) ** 0.5)
        if not self.crs.is_geographic:
            return side * float(self.crs.linear_units_factor[1])
        latitude = self.transform.f + self.transform.e * self.shape[0] / 2
        return side * METRES_PER_DEGREE * float(np.cos(np.radians(latitude))) ** 0.5


def georeference(path: Path) -> Georeference:
    """Read where a file's grid lies.

    Raises
    ------
    AquiferError
        If it is no GeoTIFF, has no coordinate reference system, or is huge.
    """
    with opened(path) as source:
        _check_size(path, source)
        return Georeference(source.crs, source.transform, (source.height, source.width))


def read_onto(path: Path, grid: Georeference, categories: bool) -> NDArray[np.float64]:
    """Read the first band of a file, resampled onto a grid.

    Values are interpolated, or averaged where the grid is coarser; categories are taken
    from the nearest pixel.

    Parameters
    ----------
    path : Path
    grid : Georeference
    categories : bool

    Returns
    -------
    ndarray of float, shape (rows, columns)
        NaN where the file has no data.

    Raises
    ------
    AquiferError
        If it is no GeoTIFF or has no coordinate reference system.
    """
    found = np.full(grid.shape, np.nan)
    with opened(path) as source:
        _check_size(path, source)
        band = source.read(1, masked=True).astype(np.float64).filled(np.nan)
        try:
            reproject(
                band * source.scales[0] + source.offsets[0], found,
                src_crs=source.crs, src_transform=source.transform, src_nodata=np.nan,
                dst_crs=grid.crs, dst_transform=grid.transform, dst_nodata=np.nan,
                resampling=Resampling.nearest if categories else _resampling(source, grid),
            )  # fmt: skip
        except CPLE_BaseError as error:
            raise AquiferError(
                f"{path} cannot be brought onto the map's grid: there is no way between their "
                "coordinate reference systems. Reproject it, with gdalwarp for example."
            ) from error
    return np.where(np.isfinite(found), found, np.nan)


@contextmanager
def opened(path: Path) -> Iterator[DatasetReader]:
    """Open a GeoTIFF that says where it is."""
    if not path.is_file():
        raise AquiferError(f"There is no file {path}. Check the path.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            source = rasterio.open(path, driver="GTiff")
        with source:
            if source.crs is None:
                raise AquiferError(
                    f"{path} has no coordinate reference system. "
                    "Add one, with gdal_edit -a_srs for example."
                )
            if np.issubdtype(source.dtypes[0], np.complexfloating):
                raise AquiferError(f"{path} holds complex numbers. Give real ones.")
            yield source
    except RasterioError as error:
        reason = str(error).replace(str(path), "it").rstrip(".")
        raise AquiferError(f"{path} cannot be read as a GeoTIFF: {reason}.") from error


def _check_size(path: Path, source: DatasetReader) -> None:
    if source.width * source.height > LARGEST_PX:
        raise AquiferError(
            f"{path} has {source.width} x {source.height} pixels, too many to be read at once. "
            "Cut it, or make it coarser, with gdalwarp for example."
        )


def _resampling(source: DatasetReader, grid: Georeference) -> Resampling:
    """Average where several of the file's pixels fall into one of the grid's."""
    west, _, east, _ = transform_bounds(source.crs, grid.crs, *source.bounds)
    file_pixel = (east - west) / source.width
    grid_pixel = abs(grid.transform.determinant) ** 0.5
    return Resampling.average if grid_pixel > 1.5 * file_pixel else Resampling.bilinear
