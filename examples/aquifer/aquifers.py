"""Where the made ground yields water: the truth map, and what of it has been mapped.

Owns the classes.  Code 0 is unknown in labels, and never in the truth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from examples.aquifer.fractal import coordinates, fractal_surface
from examples.aquifer.ground import Ground
from examples.aquifer.rocks import rock_property

CLASS_NAMES = ("no aquifer", "palaeochannel", "sandstone basin", "fractured rock")
NONE, CHANNEL, BASIN, FRACTURED = 1, 2, 3, 4
SMALLEST_PX = 0.8  # width over which a map's boundaries are generalised

Codes = NDArray[np.uint8]


def map_aquifers(ground: Ground) -> Codes:
    """Draw the truth, shape (rows, columns).

    A basin needs thick sandstone; a palaeochannel thick alluvium with enough sand;
    fractured rock must be brittle, broken and low enough to hold water.
    """
    basement = ground.basement
    brittle = rock_property(basement.units, "brittle")
    codes = np.full(ground.elevation_m.shape, NONE, np.uint8)
    codes[(basement.damage * brittle > 0.35) & (ground.above_river_m < 70)] = FRACTURED
    codes[basement.basin_m > 60] = BASIN
    codes[(ground.alluvium_m > 10) & (ground.sand > 0.3)] = CHANNEL
    return generalised(codes)


def generalised(codes: Codes) -> Codes:
    """Give each pixel the class that prevails around it."""
    shares = [gaussian_filter((codes == c).astype(float), SMALLEST_PX) for c in range(1, 5)]
    return (1 + np.argmax(shares, axis=0)).astype(np.uint8)


def partly_mapped(rng: np.random.Generator, truth: Codes, share: float) -> Codes:
    """Uncover the truth in small map sheets and along traverses.

    Each lies on a place of one class, and the classes take turns: water is mapped where it
    was looked for.

    Parameters
    ----------
    rng : Generator
    truth : ndarray of uint8, shape (rows, columns)
    share : float
        Of the area, that is mapped at least.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        0 = unknown.
    """
    mapped = np.zeros(truth.shape, bool)
    classes = np.unique(truth)
    number = 0
    while mapped.mean() < share or number < 2 * len(classes):
        of_class = np.flatnonzero(truth == classes[number % len(classes)])
        place = np.array(np.unravel_index(rng.choice(of_class), truth.shape)) / max(truth.shape)
        draw = _traverse if number // len(classes) % 2 else _sheet
        mapped |= draw(rng, truth.shape, place)
        number += 1
    return np.where(mapped, truth, 0).astype(np.uint8)


def _sheet(rng: np.random.Generator, shape: tuple[int, int], place: NDArray) -> NDArray[np.bool_]:
    """An irregular patch, some 3 % of the side in radius."""
    rows, columns = coordinates(shape)
    distance = np.hypot(rows - place[0], columns - place[1])
    edge = 0.15 * fractal_surface(rng, shape, 3.5, max(shape) / 10)
    return distance / rng.uniform(0.018, 0.035) + edge < 1


def _traverse(
    rng: np.random.Generator, shape: tuple[int, int], place: NDArray
) -> NDArray[np.bool_]:
    """A strip along a road, 40 % of the side long."""
    rows, columns = coordinates(shape)
    angle = rng.uniform(0, np.pi)
    rows, columns = rows - place[0], columns - place[1]
    across = np.cos(angle) * rows + np.sin(angle) * columns
    along = np.cos(angle) * columns - np.sin(angle) * rows
    return (np.abs(across) < 0.004) & (np.abs(along) < 0.2)
