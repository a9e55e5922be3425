"""A synthetic scene: irrigated farmland at two dates, seen by an imperfect sensor.

Owns the order in which landscape, seasons, spectra and sensor are put together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.fields import smooth_field
from examples.hyperspectral.parcels import FINE, Landscape, draw_landscape
from examples.hyperspectral.scene import ClassMap, Scene, SceneError, halve_map
from examples.hyperspectral.season import KINDS, Season, draw_seasons, kinds_of_change
from examples.hyperspectral.sensor import EARLY, LATE, WAVELENGTHS_NM, observe
from examples.hyperspectral.spectra import Traits, reflectance

SMALLEST = 32  # pixels: below it there is no room for every kind of change
SHIFT = (2, -1)  # misregistration of the second date, in fine samples
TEXTURE = (0.5, 0.45, 0.5, 0.35)  # variation within a parcel of each trait


def synthetic_scene(
    shape: tuple[int, int] = (128, 112), *, seed: int = 0, noise: float = 1.0, kinds: bool = False
) -> Scene:
    """Draw a scene.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns.
    seed : int
    noise : float
        Factor on the sensor's noise.
    kinds : bool
        Classes are the kinds of change, not just changed and unchanged.

    Raises
    ------
    SceneError
        If the scene is too small.
    """
    if min(shape) < SMALLEST:
        raise SceneError(f"A scene of {shape[0]} x {shape[1]} pixels is too small. "
                         f"Choose at least {SMALLEST} x {SMALLEST}.")  # fmt: skip
    rng = np.random.default_rng(seed)
    landscape = draw_landscape(rng, shape)
    before, after = draw_seasons(rng, landscape)
    ground = smooth_field(rng, shape, 1.5)
    cubes = [
        observe(rng, _surface(rng, landscape, season, ground, shift), conditions, noise)
        for season, conditions, shift in ((before, EARLY, (0, 0)), (after, LATE, SHIFT))
    ]
    truth, names = _truth(before, after, kinds)
    return Scene(*cubes, names, truth, WAVELENGTHS_NM)


def _truth(before: Season, after: Season, kinds: bool) -> tuple[ClassMap, tuple[str, ...]]:
    """Map at half resolution, by majority of the fine samples, and its classes."""
    codes = kinds_of_change(before, after) + np.uint8(1)
    if kinds:
        return halve_map(codes, 2 * FINE), KINDS
    return halve_map(np.minimum(codes, 2), 2 * FINE), ("unchanged", "changed")


def _surface(
    rng: np.random.Generator,
    landscape: Landscape,
    season: Season,
    ground: NDArray[np.float64],
    shift: tuple[int, int],
) -> NDArray[np.float32]:
    """Reflectance of every pixel: the mean over its fine samples of the patches' spectra."""
    owner = _shifted(season.owner, shift)
    mean, slopes = _spectra(season)
    texture = _texture(rng, landscape, ground)
    rows, columns = ground.shape
    cube = np.zeros((rows, columns, len(WAVELENGTHS_NM)), np.float32)
    for i, j in np.ndindex(FINE, FINE):
        patch = owner[i::FINE, j::FINE]
        cube += mean[patch]
        for k, slope in enumerate(slopes):
            cube += texture[k][..., None] * slope[patch]
    return np.maximum(cube / FINE**2, 0.002)


def _spectra(season: Season) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
    """Spectra of all patches, (patches, bands), and their changes with each trait."""
    drawn = [Traits(*row) for row in season.traits]

    def table(step: Traits) -> NDArray[np.float32]:
        moved = [Traits(*(a + b for a, b in zip(t, step, strict=True))) for t in drawn]
        rows = [
            reflectance(cover, WAVELENGTHS_NM, traits)
            for cover, traits in zip(season.covers, moved, strict=True)
        ]
        return np.array(rows, np.float32)

    mean = table(Traits())
    return mean, [table(Traits(**{name: 1.0})) - mean for name in Traits._fields]


def _texture(
    rng: np.random.Generator, landscape: Landscape, ground: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Variation of traits within parcels, (4, rows, columns); the ground's stays."""
    fields = [
        smooth_field(rng, ground.shape, 2.0),
        ground,
        smooth_field(rng, ground.shape, 3.0),
        smooth_field(rng, ground.shape, 2.5),
    ]
    grain = 0.3 * rng.normal(size=(len(fields), *ground.shape))
    texture = np.array(TEXTURE)[:, None, None] * (np.array(fields) + grain)
    texture[2] += _watered(rng, landscape)
    return texture.astype(np.float32)


def _watered(rng: np.random.Generator, landscape: Landscape) -> NDArray[np.float64]:
    """Moisture behind the turning arm of each pivot, shape (rows, columns)."""
    owner = landscape.owner[::FINE, ::FINE]
    moisture = np.zeros(owner.shape)
    for number, parcel in enumerate(landscape.parcels):
        row, column = np.nonzero(owner == number) if parcel.pivot else ((), ())
        if len(row):
            centre = np.array(parcel.centre) / FINE
            behind = np.arctan2(row - centre[0], column - centre[1]) - rng.uniform(0, 2 * np.pi)
            moisture[row, column] = 2.2 * np.exp(-(behind % (2 * np.pi)) / 1.2)
    return moisture


def _shifted(owner: NDArray[np.int32], shift: tuple[int, int]) -> NDArray[np.int32]:
    """Move the scene under the sensor by `shift` fine samples; borders are repeated."""
    rows, columns = (np.arange(size) + step for size, step in zip(owner.shape, shift, strict=True))
    return owner[rows.clip(0, owner.shape[0] - 1)][:, columns.clip(0, owner.shape[1] - 1)]
