"""What an airborne survey records over the ground: six grids, each with its own faults.

Gravity is smooth and noisy, magnetics carries the levelling errors of its flight lines,
radiometrics sees the top 30 cm and counts few uranium rays, elevation is sharp.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter

from examples.aquifer.fractal import fractal_surface, soft_step
from examples.aquifer.ground import RADIOELEMENTS, Ground, weathered
from examples.aquifer.potential_fields import Layer, gravity_mgal, magnetics_nt
from examples.aquifer.rocks import ALLUVIUM_DENSITY, BASIN_DENSITY, MEAN_DENSITY, rock_property

FLIGHT_HEIGHT_M = 80.0
LINE_SPACING_M = 200.0  # lines run north to south
DEPTHS_M = (0.0, 10.0, 25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 2000.0)
GRAVITY_RESOLUTION_M = 600.0  # standard deviation of the filter along the lines
MAGHEMITE = 40e-3  # susceptibility of the gravel in old channels, SI

Grid = NDArray[np.float64]

UNITS = {
    "magnetics": "nT", "gravity": "mGal", "potassium": "%",
    "thorium": "ppm", "uranium": "ppm", "elevation": "m",
}  # fmt: skip


def fly(rng: np.random.Generator, ground: Ground, pixel_m: float) -> dict[str, Grid]:
    """Survey the ground.

    Parameters
    ----------
    rng : Generator
    ground : Ground
    pixel_m : float

    Returns
    -------
    dict of str to ndarray of float, shape (rows, columns)
        In the units of `UNITS`.
    """
    shape = ground.elevation_m.shape
    layers = layered(rng, ground)
    magnetics = magnetics_nt(layers, FLIGHT_HEIGHT_M, pixel_m)
    gravity = gravity_mgal(layers, FLIGHT_HEIGHT_M, pixel_m)
    regional = 3 * fractal_surface(rng, shape, 5.0, max(shape))
    radioelements = _soil(rng, ground)
    return {
        "magnetics": on_lines(magnetics, pixel_m) + levelling_error(rng, shape, pixel_m, 2.5),
        "gravity": gaussian_filter(
            gravity + regional + rng.normal(0, 3.0, shape), GRAVITY_RESOLUTION_M / pixel_m
        ),
        **{name: _counted(rng, radioelements[name], name, pixel_m) for name in RADIOELEMENTS},
        "elevation": ground.elevation_m + rng.normal(0, 0.7, shape),
    }


def layered(rng: np.random.Generator, ground: Ground) -> list[Layer]:
    """Cut the ground into flat layers below the terrain."""
    units, shape = ground.basement.units, ground.elevation_m.shape
    varied = np.exp(0.4 * fractal_surface(rng, shape, 3.0, max(shape) / 6))
    rock_density = rock_property(units, "density") - MEAN_DENSITY
    rock_susceptibility = rock_property(units, "susceptibility") * varied
    rock_susceptibility *= 1 - 0.85 * ground.basement.damage  # fluids oxidise magnetite
    gravel = MAGHEMITE * ground.sand * np.clip(ground.alluvium_m / 20, 0, 1)
    gravel *= np.exp(0.4 * fractal_surface(rng, shape, 3.5, 20))
    bases = np.cumsum([ground.cover_m, ground.alluvium_m, ground.basement.basin_m], axis=0)

    def mixed(top: float, bottom: float, values: tuple[Grid | float, ...]) -> Grid:
        """Mean over a depth range of cover, alluvium, sandstone and rock."""
        depths = [np.zeros(shape), *bases, np.full(shape, np.inf)]
        shares = [
            (np.minimum(base, bottom) - np.maximum(roof, top)).clip(0) / (bottom - top)
            for roof, base in pairwise(depths)
        ]
        return np.sum([s * v for s, v in zip(shares, values, strict=True)], axis=0)

    loose, sandstone = ALLUVIUM_DENSITY - MEAN_DENSITY, BASIN_DENSITY - MEAN_DENSITY
    return [
        Layer(
            top, bottom,
            mixed(top, bottom, (loose, loose, sandstone, rock_density)),
            mixed(top, bottom, (1e-4, gravel, 1e-4, rock_susceptibility)),
        )
        for top, bottom in pairwise(DEPTHS_M)
    ]  # fmt: skip


def on_lines(field: Grid, pixel_m: float) -> Grid:
    """Sample a field on flight lines, and grid it again with a spline across them."""
    columns = field.shape[1]
    lines = _line_columns(columns, pixel_m)
    return CubicSpline(lines, field[:, lines], axis=1)(np.arange(columns))


def levelling_error(
    rng: np.random.Generator, shape: tuple[int, int], pixel_m: float, size: float
) -> Grid:
    """An offset for each flight line, which drifts along it; gridded like the field."""
    lines = _line_columns(shape[1], pixel_m)
    white = rng.standard_normal((shape[0], len(lines)))
    drift = gaussian_filter(white, (shape[0] / 12, 0), mode="nearest")
    offsets = 0.7 * rng.standard_normal(len(lines)) + 0.7 * drift / drift.std()
    return CubicSpline(lines, size * offsets, axis=1)(np.arange(shape[1]))


def _line_columns(columns: int, pixel_m: float) -> NDArray[np.intp]:
    step = max(1, round(LINE_SPACING_M / pixel_m))
    lines = np.arange(0, columns, step)
    return lines if lines[-1] == columns - 1 else np.append(lines, columns - 1)


def _soil(rng: np.random.Generator, ground: Ground) -> dict[str, Grid]:
    """Radioelements that the detectors see, after transport, cover and moisture."""
    wet = 1 - 0.3 * np.exp(-ground.above_river_m / 5) * soft_step(ground.catchment_km2, 4, 4)
    buried = np.exp(-ground.cover_m / 1.0)
    shape = ground.elevation_m.shape
    soils = {}
    for name, blown in zip(RADIOELEMENTS, (0.6, 6.0, 1.3), strict=True):
        in_place = weathered(ground.basement, name)
        if name == "uranium":  # radon rises along faults
            in_place = in_place + 3.0 * ground.basement.damage
        in_place = in_place * np.exp(0.1 * fractal_surface(rng, shape, 2.5, max(shape) / 8))
        carried = soft_step(ground.alluvium_m, 1.5, 2)
        soil = gaussian_filter(in_place, 1.5) * (1 - carried) + ground.upstream[name] * carried
        soils[name] = wet * (buried * soil + (1 - buried) * blown)
    return soils


def _counted(rng: np.random.Generator, content: Grid, name: str, pixel_m: float) -> Grid:
    """Footprint of the detector, then noise that grows with the square root of the counts."""
    noise = {"potassium": 0.1, "thorium": 0.5, "uranium": 0.35}[name]
    seen = on_lines(gaussian_filter(content, 150 / pixel_m), pixel_m)
    noisy = seen + noise * np.sqrt(np.maximum(seen, 0.1)) * rng.standard_normal(seen.shape)
    return gaussian_filter(noisy, 0.8)
