"""The hard rock below: folded units, plutons, dykes, and faults with their basins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examples.aquifer.fractal import Shape, coordinates, fractal_surface, soft_step
from examples.aquifer.rocks import DOLERITE, GNEISS, GRANITE, GREENSTONE, QUARTZITE, SCHIST

SEQUENCE = (SCHIST, GREENSTONE, GNEISS, SCHIST, QUARTZITE, GNEISS)


@dataclass(frozen=True)
class Basement:
    """Maps of the hard rock, all of one shape.

    Parameters
    ----------
    units : ndarray of uint8
        Index into `ROCKS`.
    basin_m : ndarray of float
        Thickness of basin sandstone on it, in metres.
    damage : ndarray of float
        How broken the rock is, 0 to 1, highest on faults.
    """

    units: NDArray[np.uint8]
    basin_m: NDArray[np.float64]
    damage: NDArray[np.float64]


def make_basement(rng: np.random.Generator, shape: Shape, pixel_m: float) -> Basement:
    """Draw a basement.

    Parameters
    ----------
    rng : Generator
    shape : (int, int)
    pixel_m : float
    """
    strike = rng.uniform(0, np.pi)
    units = _folded_units(rng, shape, strike)
    _intrude(rng, units, strike)
    basin_m, damage = np.zeros(shape), np.zeros(shape)
    for number in range(12):
        across, along = _fault_frame(rng, shape, strike + rng.normal(0, 0.5))
        reach = np.exp(-((along / rng.uniform(0.15, 0.35)) ** 4))
        width = rng.uniform(600, 1000) / pixel_m / max(shape)  # of the broken zone
        damage = np.maximum(damage, reach * np.exp(-((across / width) ** 2)))
        if number < 4:
            basin_m = np.maximum(basin_m, _half_graben(rng, across, reach))
    basin_m *= 1 + 0.25 * fractal_surface(rng, shape, 3.5, max(shape) / 4)
    return Basement(units, np.maximum(basin_m - 30, 0), damage)


def _folded_units(rng: np.random.Generator, shape: Shape, strike: float) -> NDArray[np.uint8]:
    rows, columns = coordinates(shape)
    across = np.cos(strike) * rows + np.sin(strike) * columns
    warped = across + 0.06 * fractal_surface(rng, shape, 5.0, max(shape) / 2)
    layer = np.floor(warped * 13 + 0.12 * fractal_surface(rng, shape, 3.0, max(shape) / 12))
    return np.array(SEQUENCE, np.uint8)[layer.astype(int) % len(SEQUENCE)]


def _intrude(rng: np.random.Generator, units: NDArray[np.uint8], strike: float) -> None:
    """Put granite plutons and dolerite dykes into the units, in place."""
    shape = units.shape
    rows, columns = coordinates(shape)
    edge = 0.15 * fractal_surface(rng, shape, 4.0, max(shape) / 8)
    for _ in range(9):
        radius = rng.uniform(0.04, 0.09)
        distance = np.hypot(rows - rng.uniform(0, 1), (columns - rng.uniform(0, 1)) / 1.4)
        units[distance / radius + edge < 1] = GRANITE
    for _ in range(7):
        across, along = _fault_frame(rng, shape, strike + 0.9 + rng.normal(0, 0.15))
        units[(np.abs(across) * max(shape) < 1.1) & (np.abs(along) < 0.4)] = DOLERITE


def _fault_frame(
    rng: np.random.Generator, shape: Shape, strike: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distances across and along a gently bent line, in units of the longer side."""
    rows, columns = coordinates(shape)
    rows, columns = rows - rng.uniform(0.15, 0.85), columns - rng.uniform(0.15, 0.85)
    along = np.cos(strike) * columns - np.sin(strike) * rows
    bend = rng.uniform(0.01, 0.03) * np.sin(2 * np.pi * along / rng.uniform(0.4, 0.9))
    return np.cos(strike) * rows + np.sin(strike) * columns + bend, along


def _half_graben(rng: np.random.Generator, across: NDArray, reach: NDArray) -> NDArray[np.float64]:
    """Sediment on the sunken side, deepest at the fault, in metres."""
    share = (across / rng.uniform(0.08, 0.16)).clip(0, 1)
    return rng.uniform(400, 800) * soft_step(across, 0, 0.008) * np.sqrt(1 - share) * reach
