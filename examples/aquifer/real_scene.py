"""A survey from a user's GeoTIFFs: channels and partial labels, brought onto one grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from examples.aquifer.failure import AquiferError
from examples.aquifer.geotiff import Georeference, georeference, read_onto
from examples.aquifer.scene import OTHER_CLASS, Scene

MOST_CLASSES = 50
LARGEST_CODE = 65_535


@dataclass(frozen=True)
class SurveyFiles:
    """The files of a survey.

    Parameters
    ----------
    channels : mapping of str to Path
        In order; the first one's grid is used, if `like` is not given.
    labels : Path
        Codes; 0 and nodata = unknown.
    truth : Path or None
    like : Path or None
        A file whose grid to use.
    class_names : mapping of int to str
        Names of codes.
    """

    channels: Mapping[str, Path]
    labels: Path
    truth: Path | None = None
    like: Path | None = None
    class_names: Mapping[int, str] = field(default_factory=dict)


def read_scene(files: SurveyFiles) -> tuple[Scene, Georeference]:
    """Read a survey.

    Raises
    ------
    AquiferError
        If a file cannot be used, files do not overlap, or fewer than two classes have
        labels where all channels have data.
    """
    grid = georeference(files.like or next(iter(files.channels.values())))
    raw = {name: _read_channel(name, path, grid) for name, path in files.channels.items()}
    valid = np.all([np.isfinite(values) for values in raw.values()], axis=0)
    if not valid.any():
        raise AquiferError(
            f"The channels {', '.join(raw)} have no pixel in common. Check their extents."
        )
    label_codes = np.where(valid, _read_codes(files.labels, grid), 0)
    codes = _classes(label_codes, files.labels)
    truth = None
    if files.truth is not None:
        truth = as_classes(_read_codes(files.truth, grid), codes)
    scene = Scene(
        channels={name: filled(values).astype(np.float32) for name, values in raw.items()},
        labels=as_classes(label_codes, codes),
        valid=valid,
        pixel_m=grid.pixel_m,
        class_names=tuple(files.class_names.get(code, f"class {code}") for code in codes),
        codes=codes,
        truth=truth,
    )
    return scene, grid


def filled(values: NDArray) -> NDArray:
    """Fill NaN with the nearest value: the network wants numbers, and no cliffs."""
    absent = ~np.isfinite(values)
    if not absent.any():
        return values
    nearest = distance_transform_edt(absent, return_distances=False, return_indices=True)
    return values[tuple(nearest)]


def as_classes(codes: NDArray, known: tuple[int, ...]) -> NDArray[np.uint8]:
    """Number codes from 1 in the order of `known`; other codes become `OTHER_CLASS`."""
    classes = np.where(codes > 0, OTHER_CLASS, 0).astype(np.uint8)
    for number, code in enumerate(known, start=1):
        classes[codes == code] = number
    return classes


def _read_channel(name: str, path: Path, grid: Georeference) -> NDArray:
    values = read_onto(path, grid, categories=False)
    if not np.isfinite(values).any():
        raise AquiferError(
            f"Channel {name} ({path}) has no data within the grid of the map. "
            "Check its extent, its coordinate reference system and its nodata value."
        )
    return values


def _read_codes(path: Path, grid: Georeference) -> NDArray[np.int64]:
    values = np.nan_to_num(read_onto(path, grid, categories=True), nan=0.0)
    wrong = (values != np.floor(values)) | (values < 0) | (values > LARGEST_CODE)
    if wrong.any():
        raise AquiferError(
            f"{path} holds {values[wrong][0]:g}, which is no class code. "
            f"Give whole numbers: 0 for unknown, classes from 1 to {LARGEST_CODE}."
        )
    return values.astype(np.int64)


def _classes(codes: NDArray, path: Path) -> tuple[int, ...]:
    found = tuple(np.unique(codes[codes > 0]).tolist())
    if not found:
        raise AquiferError(
            f"{path} has no labels where all channels have data. Check its extent and codes."
        )
    if len(found) == 1:
        raise AquiferError(
            f"{path} has labels of one class only, code {found[0]}. Label at least two classes."
        )
    if len(found) > MOST_CLASSES:
        raise AquiferError(
            f"{path} has {len(found)} different codes. Give at most {MOST_CLASSES} classes."
        )
    return found
