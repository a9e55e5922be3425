"""How the scene's landscape came about: rivers, their fill, a later cover, the terrain now.

Owns the order of events.  What instruments see of it is not its business.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from examples.aquifer.basement import Basement, make_basement
from examples.aquifer.drainage import drain, fill_depressions
from examples.aquifer.erosion import carve
from examples.aquifer.fractal import Shape, coordinates, fractal_surface, soft_step
from examples.aquifer.rocks import rock_property

CHANNEL_KM2 = 2.0  # a river has at least this catchment
LAKE_M = 0.5  # water deeper than this cuts no bed
FILL_M = 14  # height of the alluvium in a river with a catchment of 10 km^2
SANDSTONE_ERODIBILITY = 1.8
RADIOELEMENTS = ("potassium", "thorium", "uranium")
SANDSTONE = {"potassium": 1.1, "thorium": 6.5, "uranium": 1.3, "sand": 0.7}


@dataclass(frozen=True)
class Ground:
    """Everything that is there, in maps of one shape.

    Parameters
    ----------
    basement : Basement
    elevation_m : ndarray of float
        Of the terrain now.
    alluvium_m : ndarray of float
        Thickness of what old rivers left.
    sand : ndarray of float
        Share of sand in it: that of the rocks upstream, 0 to 1.
    cover_m : ndarray of float
        Thickness of the sheet of clay and blown sand over the lowlands.
    above_river_m : ndarray of float
        Height above the river of today that a cell drains to.
    catchment_km2 : ndarray of float
        Area upstream, today.
    upstream : dict of str to ndarray of float
        Radioelements of the alluvium: mean of the rocks upstream.
    """

    basement: Basement
    elevation_m: NDArray[np.float64]
    alluvium_m: NDArray[np.float64]
    sand: NDArray[np.float64]
    cover_m: NDArray[np.float64]
    above_river_m: NDArray[np.float64]
    catchment_km2: NDArray[np.float64]
    upstream: dict[str, NDArray[np.float64]]


def make_ground(rng: np.random.Generator, shape: Shape, pixel_m: float) -> Ground:
    """Draw a landscape.

    Parameters
    ----------
    rng : Generator
    shape : (int, int)
    pixel_m : float
    """
    wide = tuple(n + 2 * (n // 10) for n in shape)  # rivers end at its edges, not at the map's
    return cropped(_make_wide(rng, wide, pixel_m), shape)


def _make_wide(rng: np.random.Generator, shape: Shape, pixel_m: float) -> Ground:
    basement = make_basement(rng, shape, pixel_m)
    hard_rock = _old_surface(rng, basement, pixel_m)
    alluvium_m, sand, upstream = _fill_valleys(basement, hard_rock, pixel_m)
    surface = hard_rock + alluvium_m
    cover_m = _lowland_cover(rng, surface)
    elevation_m = surface + cover_m + 1.5 * fractal_surface(rng, shape, 2.5, max(shape) / 8)
    return _with_rivers_of_today(
        Ground(basement, elevation_m, alluvium_m, sand, cover_m, cover_m, cover_m, upstream),
        pixel_m,
    )


def cropped(ground: Ground, shape: Shape) -> Ground:
    """Cut the middle out of every map."""

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: cut(grid) for name, grid in value.items()}
        if is_dataclass(value):
            return replace(value, **{f.name: cut(getattr(value, f.name)) for f in fields(value)})
        start = [(old - new) // 2 for old, new in zip(value.shape, shape, strict=True)]
        return value[start[0] : start[0] + shape[0], start[1] : start[1] + shape[1]]

    return cut(ground)


def _old_surface(
    rng: np.random.Generator, basement: Basement, pixel_m: float
) -> NDArray[np.float64]:
    """Hard rock and sandstone after long erosion."""
    shape = basement.units.shape
    rows, columns = coordinates(shape)
    direction = rng.uniform(0, 2 * np.pi)
    ramp = np.cos(direction) * rows + np.sin(direction) * columns
    ramp = (ramp - ramp.min()) / np.ptp(ramp)
    start = 80 * ramp + 12 * fractal_surface(rng, shape, 3.0, max(shape) / 3)
    uplift = 60 + 330 * ramp + 60 * fractal_surface(rng, shape, 4.0, max(shape) / 2)
    uplift = uplift.clip(30) * (1 - 0.4 * soft_step(basement.basin_m, 60, 120))
    soft = rock_property(basement.units, "erodibility") * (1 + 1.5 * basement.damage)
    soft = np.where(basement.basin_m > 20, SANDSTONE_ERODIBILITY, soft)
    return carve(rng, start, uplift, soft, pixel_m)


def _fill_valleys(
    basement: Basement, hard_rock: NDArray, pixel_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Thickness of alluvium, its share of sand, its radioelements.

    Rivers fill their valleys to a height that grows downstream, with what the rocks
    upstream weather to.
    """
    rivers = drain(hard_rock)
    ones = np.ones(hard_rock.shape)
    cells = rivers.accumulate(ones)
    area_km2 = cells * (pixel_m / 1000) ** 2
    channel = area_km2 > CHANNEL_KM2
    height = np.maximum(hard_rock - rivers.at_channel(channel, hard_rock), 0)
    fill_m = FILL_M * (rivers.at_channel(channel, np.where(channel, area_km2, 0)) / 10) ** 0.3
    alluvium_m = gaussian_filter(np.maximum(fill_m - height, 0), 0.7)

    def carried(name: str) -> NDArray[np.float64]:
        mean = rivers.accumulate(weathered(basement, name)) / cells
        return gaussian_filter(rivers.at_channel(channel, mean), 1.0)

    return alluvium_m, carried("sand"), {name: carried(name) for name in RADIOELEMENTS}


def weathered(basement: Basement, name: str) -> NDArray[np.float64]:
    """A property of the soil in place: that of the sandstone where there is a basin."""
    return np.where(basement.basin_m > 20, SANDSTONE[name], rock_property(basement.units, name))


def _lowland_cover(rng: np.random.Generator, surface: NDArray) -> NDArray[np.float64]:
    """A sheet of wash and blown sand that levels out the lowlands, in metres."""
    shape = surface.shape
    level = gaussian_filter(surface, max(shape) / 40, mode="nearest")
    patches = surface - level + 12 * fractal_surface(rng, shape, 3.0, max(shape) / 5)
    lowland = soft_step(-gaussian_filter(surface, max(shape) / 20), -np.median(surface), 60)
    return np.maximum(np.minimum(level - surface + 4, 18), 0) * lowland * soft_step(-patches, -4, 8)


def _with_rivers_of_today(ground: Ground, pixel_m: float) -> Ground:
    """Let today's rivers cut a few metres, and measure how high above them each cell is."""
    elevation_m = ground.elevation_m
    rivers = drain(elevation_m)
    catchment_km2 = rivers.accumulate(np.full(elevation_m.shape, (pixel_m / 1000) ** 2))
    channel = catchment_km2 > CHANNEL_KM2
    dry = fill_depressions(elevation_m) - elevation_m < LAKE_M
    cut = np.where(channel & dry, 2.5 * catchment_km2**0.2, 0)
    elevation_m = elevation_m - gaussian_filter(cut, 1.0)
    above = np.maximum(elevation_m - rivers.at_channel(channel, elevation_m), 0)
    return replace(
        ground, elevation_m=elevation_m, above_river_m=above, catchment_km2=catchment_km2
    )
