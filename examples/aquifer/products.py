"""What the program leaves behind: GeoTIFFs of the map, of its confidence, of a made scene.

A file is written beside its place and renamed when it is whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.transform import from_origin

from examples.aquifer.geotiff import Georeference
from examples.aquifer.palette import class_colours
from examples.aquifer.scene import Scene
from napari_hyperseg.survey.replacing import replacing

MADE_CRS, MADE_ORIGIN = "EPSG:32755", (500_000.0, 6_000_000.0)  # somewhere, so that files fit


def made_georeference(scene: Scene) -> Georeference:
    """Put a made scene somewhere."""
    transform = from_origin(*MADE_ORIGIN, scene.pixel_m, scene.pixel_m)
    return Georeference(CRS.from_string(MADE_CRS), transform, scene.shape)


def confidence_path(path: Path) -> Path:
    """Where the confidence of a map goes: beside the map."""
    return path.with_name(f"{path.stem}_confidence{path.suffix}")


def write_map(
    path: Path, scene: Scene, grid: Georeference, classes: NDArray, confidence: NDArray
) -> None:
    """Write the map in the user's codes, 0 where data is missing, and its confidence.

    Parameters
    ----------
    path : Path
    scene : Scene
    grid : Georeference
    classes : ndarray of int, shape (rows, columns)
        From 1; 0 where there is no map.
    confidence : ndarray of float, same shape
        0 to 1.
    """
    codes = np.array((0, *scene.codes))[classes]
    small = max(scene.codes) < 256
    colours = {
        code: (*(round(255 * part) for part in colour), 255)
        for code, colour in zip(scene.codes, class_colours(scene.n_classes), strict=True)
    }
    with replacing(path) as codes_file, replacing(confidence_path(path)) as confidence_file:
        write_band(
            codes_file, grid, codes.astype(np.uint8 if small else np.uint16),
            nodata=0, description="class code", colours=colours if small else None,
        )  # fmt: skip
        write_band(
            confidence_file, grid,
            np.where(classes > 0, confidence, np.nan).astype(np.float32),
            nodata=np.nan, description="probability of the class",
        )  # fmt: skip


def write_scene(folder: Path, scene: Scene, grid: Georeference) -> None:
    """Write channels, labels and truth of a made scene, to try the program on files."""
    folder.mkdir(parents=True, exist_ok=True)
    bands = {**scene.channels, "labels": scene.labels}
    if scene.truth is not None:
        bands["truth"] = scene.truth
    for name, band in bands.items():
        nodata = 0 if band.dtype == np.uint8 else np.nan
        with replacing(folder / f"{name}.tif") as path:
            write_band(path, grid, band, nodata=nodata, description=name)


def write_band(path: Path, grid: Georeference, band: NDArray, **extra: Any) -> None:
    """Write one band as a compressed GeoTIFF.

    Parameters
    ----------
    path : Path
        Overwritten; give one beside the real one.
    grid : Georeference
    band : ndarray, shape (rows, columns)
    **extra
        ``nodata``, ``description`` and ``colours``, a mapping of codes to (r, g, b, a).
    """
    with rasterio.open(
        path, "w", driver="GTiff", height=grid.shape[0], width=grid.shape[1], count=1,
        dtype=band.dtype, crs=grid.crs, transform=grid.transform, compress="deflate",
        nodata=extra.get("nodata"),
    ) as sink:  # fmt: skip
        sink.write(band, 1)
        sink.set_band_description(1, extra.get("description", ""))
        if extra.get("colours"):
            sink.write_colormap(1, extra["colours"])
