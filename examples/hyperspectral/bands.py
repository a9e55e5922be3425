"""From a sensor's bands to what the methods see: bad ones left out, the rest binned, scaled.

Owns the spectral axis.  Knows no files and no classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.scene import Cube, Scene, SceneError, halve_map

FEWEST = 4


@dataclass(frozen=True)
class Bands:
    """Both dates on the bands that are used, each band with mean 0 and variance 1.

    Parameters
    ----------
    before, after : ndarray of float32, shape (rows, columns, bands)
        Scaled alike at both dates.
    position : ndarray of float, shape (bands,)
        Along the spectrum, -1 to 1: by wavelength, or by band number where none is known.
    left_out : ndarray of int
        Numbers, from 0, of the source's bands that are empty at either date.
    valid : ndarray of bool, shape `half_shape`
        Which pixels of the map hold data at both dates.
    """

    before: Cube
    after: Cube
    position: NDArray[np.float64]
    left_out: NDArray[np.intp]
    valid: NDArray[np.bool_]


def prepare_bands(scene: Scene, wanted: int | None) -> Bands:
    """Leave empty bands out, bin the others and scale them.

    Parameters
    ----------
    scene : Scene
    wanted : int or None
        Number of bins of neighbouring bands; None keeps every band.

    Raises
    ------
    SceneError
        If too few bands hold anything, or too few or too many are wanted.
    """
    empty = empty_bands(scene.before) | empty_bands(scene.after)
    kept = np.flatnonzero(~empty)
    if len(kept) < FEWEST:
        raise SceneError(f"Only {len(kept)} of {len(empty)} bands hold data. "
                         "Name a file with a spectrum in each pixel.")  # fmt: skip
    wanted = len(kept) if wanted is None else wanted
    if not FEWEST <= wanted <= len(kept):
        raise SceneError(f"{wanted} bands are wanted, {len(kept)} hold data. "
                         f"Choose {FEWEST} to {len(kept)}, or 'all'.")  # fmt: skip
    bins = np.array_split(kept, wanted)
    before, after = _scaled(*(_binned(cube, bins) for cube in (scene.before, scene.after)))
    axis = np.arange(len(empty)) if scene.wavelengths_nm is None else scene.wavelengths_nm
    centres = np.array([axis[members].mean() for members in bins])
    span = max(float(np.ptp(centres)), 1e-9)
    position = 2 * (centres - centres.min()) / span - 1
    valid = _has_data(scene.before[..., kept]) & _has_data(scene.after[..., kept])
    return Bands(before, after, position, np.flatnonzero(empty), _halved(valid))


def _has_data(cube: Cube) -> NDArray[np.bool_]:
    """Which pixels hold numbers in most bands, shape (rows, columns)."""
    return np.isfinite(cube).mean(axis=2) > 0.5


def _halved(pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Blocks of 2 x 2 of which at least one pixel holds data."""
    return halve_map(pixels.astype(np.uint8), sparse=True) > 0


def empty_bands(cube: Cube) -> NDArray[np.bool_]:
    """Which bands are constant, or not finite anywhere; shape (bands,)."""
    finite = np.isfinite(cube)
    lowest = np.min(cube, axis=(0, 1), where=finite, initial=np.inf)
    highest = np.max(cube, axis=(0, 1), where=finite, initial=-np.inf)
    return ~(highest > lowest)


def _binned(cube: Cube, bins: list[NDArray[np.intp]]) -> Cube:
    """Mean over each bin of what is finite; a pixel with nothing gets the band's mean."""
    finite = np.isfinite(cube)
    filled = np.where(finite, cube, 0)
    binned = np.empty((*cube.shape[:2], len(bins)), np.float32)
    for k, members in enumerate(bins):
        count = finite[..., members].sum(axis=2)
        total = filled[..., members].sum(axis=2, dtype=np.float64)
        mean = total[count > 0].sum() / count.sum()
        binned[..., k] = np.where(count > 0, total / np.maximum(count, 1), mean)
    return binned


def _scaled(before: Cube, after: Cube) -> tuple[Cube, Cube]:
    """Remove each band's mean and standard deviation over both dates."""
    both = np.stack([before, after]).astype(np.float64)
    mean, deviation = both.mean(axis=(0, 1, 2)), both.std(axis=(0, 1, 2))
    scaled = ((both - mean) / np.maximum(deviation, 1e-12)).astype(np.float32)
    return scaled[0], scaled[1]
