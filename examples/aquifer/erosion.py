"""Terrain that rivers have carved: the stream power law, solved from the outlets upwards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, zoom

from examples.aquifer.drainage import drain, fill_depressions
from examples.aquifer.fractal import fractal_surface

AREA_EXPONENT = 0.45  # m of the stream power law; slope enters linearly
STRENGTH = 1.2  # k of the stream power law times the whole time, in km, for areas in km^2
STEPS = 15
CREEP_CELLS = 0.35  # over which a step smooths the slopes
ROUGHNESS_M = 1.5  # added in each step
CARVING_CELLS = 130  # along the longer side: valleys are wider than a pixel


def carve(
    rng: np.random.Generator, start: NDArray, uplift: NDArray, erodibility: NDArray, pixel_m: float
) -> NDArray[np.float64]:
    """Let a surface rise while rivers cut into it and slopes creep.

    Parameters
    ----------
    rng : Generator
        Of the roughness that gives rivers on silted lakes their way.
    start : ndarray of float, shape (rows, columns)
        Elevation in metres; the edges of the grid stay there.
    uplift : ndarray of float, same shape
        In metres, over the whole time.
    erodibility : ndarray of float, same shape
        Relative.
    pixel_m : float
    """
    factor = min(1.0, CARVING_CELLS / max(start.shape))
    surface, rise, strength = (_resample(grid, factor) for grid in (start, uplift, erodibility))
    cell_m = pixel_m * start.shape[0] / surface.shape[0]
    inner = np.zeros(surface.shape)
    inner[1:-1, 1:-1] = 1 / STEPS
    for _ in range(STEPS):
        surface = surface + rise * inner
        surface = _cut(surface, strength, cell_m)
        silted = fill_depressions(gaussian_filter(surface, CREEP_CELLS, mode="nearest"))
        surface = silted + ROUGHNESS_M * fractal_surface(rng, surface.shape, 3.0, 20)
    ratio = [n / s for n, s in zip(start.shape, surface.shape, strict=True)]
    return np.asarray(zoom(surface, ratio, order=3))


def _cut(surface: NDArray, strength: NDArray, cell_m: float) -> NDArray[np.float64]:
    """One implicit step of dz/dt = -k A^m dz/dx (Braun and Willett 2013).

    z_i = (z_i + F_i z_receiver) / (1 + F_i), F = k A^m / dx, receivers first.
    """
    drainage = drain(surface)
    area_km2 = drainage.accumulate(np.full(surface.shape, (cell_m / 1000) ** 2))
    factor = (
        (STRENGTH / STEPS * strength * area_km2**AREA_EXPONENT * 1000 / cell_m).ravel().tolist()
    )
    height, receiver = surface.ravel().tolist(), drainage.receiver.tolist()
    for cell in drainage.order.tolist():
        below = height[receiver[cell]]
        if below < height[cell]:
            height[cell] = (height[cell] + factor[cell] * below) / (1 + factor[cell])
    return np.array(height).reshape(surface.shape)


def _resample(values: NDArray, factor: float) -> NDArray[np.float64]:
    smooth = gaussian_filter(values, 0.4 / factor if factor < 1 else 0, mode="nearest")
    return np.asarray(zoom(smooth, factor, order=1), np.float64)
