"""Where the parcels lie: fields, centre pivots, a town, a river.

Owns geometry alone, on a grid finer than the pixels so that borders make mixed pixels.
Knows no spectra and no dates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.fields import smooth_field

FINE = 4  # grid samples along a pixel's side
SMALLEST_FIELD, LARGEST_FIELD = 18, 36  # pixels
ROAD = 0.45  # pixels, half the width of a track between two fields
SHARE_OF_PIVOTS = 0.75
SHARE_OF_WILD = 0.16


@dataclass(frozen=True)
class Parcel:
    """One piece of land that is managed as a whole.

    Parameters
    ----------
    use : {"field", "wild", "track", "town", "river", "bank"}
    centre : tuple of float
        Row and column on the fine grid.
    pivot : bool
        Whether a centre pivot waters it.
    """

    use: str
    centre: tuple[float, float]
    pivot: bool = False


@dataclass(frozen=True)
class Landscape:
    """The parcels and the fine grid that says which is where.

    Parameters
    ----------
    parcels : list of Parcel
    owner : ndarray of int, shape (FINE * rows, FINE * columns)
        Index of the parcel.
    to_river : ndarray of float, same shape
        Distance from the river's middle line, in pixels.
    """

    parcels: list[Parcel]
    owner: NDArray[np.int32]
    to_river: NDArray[np.float64]


def draw_landscape(rng: np.random.Generator, shape: tuple[int, int]) -> Landscape:
    """Lay out a scene of `shape` pixels."""
    fine = (shape[0] * FINE, shape[1] * FINE)
    owner = np.zeros(fine, np.int32)
    parcels = [Parcel("track", (0.0, 0.0))]
    for box in _split(rng, (0, fine[0], 0, fine[1])):
        _add_field(rng, box, parcels, owner)
    _add_town(rng, parcels, owner)
    to_river = _distance_to_river(rng, fine)
    _cover(owner, parcels, to_river < 4.2 + smooth_field(rng, fine, 9 * FINE), "bank")
    _cover(owner, parcels, to_river < 2.3, "river")
    return Landscape(parcels, owner, to_river)


def _split(
    rng: np.random.Generator, box: tuple[int, int, int, int]
) -> list[tuple[int, int, int, int]]:
    """Halve a rectangle, unevenly, until its parts are of the size of fields."""
    top, bottom, left, right = box
    height, width = bottom - top, right - left
    longest = max(height, width)
    if longest <= LARGEST_FIELD * FINE and (
        longest < 2 * SMALLEST_FIELD * FINE or rng.random() < 0.8
    ):
        return [box]
    cut = round(longest * rng.uniform(0.43, 0.57))
    if height >= width:
        parts = (top, top + cut, left, right), (top + cut, bottom, left, right)
    else:
        parts = (top, bottom, left, left + cut), (top, bottom, left + cut, right)
    return [field for part in parts for field in _split(rng, part)]


def _add_field(
    rng: np.random.Generator,
    box: tuple[int, int, int, int],
    parcels: list[Parcel],
    owner: NDArray[np.int32],
) -> None:
    """Fill a rectangle: wild, a rectangular field, or a pivot in one or two halves."""
    margin = round(ROAD * FINE)
    top, bottom, left, right = box
    inside = owner[top + margin : bottom - margin, left + margin : right - margin]
    centre = (top + bottom) / 2, (left + right) / 2
    squarish = max(inside.shape) < 1.35 * min(inside.shape)
    chance = rng.random()
    if not squarish or chance > SHARE_OF_PIVOTS:
        inside[:] = len(parcels)
        parcels.append(Parcel("wild" if rng.random() < SHARE_OF_WILD else "field", centre))
        return
    inside[:] = len(parcels)
    parcels.append(Parcel("wild", centre))
    row, column = np.indices(inside.shape)
    row, column = row - (inside.shape[0] - 1) / 2, column - (inside.shape[1] - 1) / 2
    watered = np.hypot(row, column) < 0.49 * min(inside.shape)
    angle = rng.uniform(0, np.pi)
    half = row * np.cos(angle) + column * np.sin(angle) > 0
    inside[watered] = len(parcels)
    parcels.append(Parcel("field", centre, pivot=True))
    if rng.random() < 0.4:
        inside[watered & half] = len(parcels)
        parcels.append(Parcel("field", centre, pivot=True))


def _add_town(rng: np.random.Generator, parcels: list[Parcel], owner: NDArray[np.int32]) -> None:
    """Replace a ragged disc by small blocks, built up for the greater part."""
    place = rng.uniform(0.25, 0.75, 2) * owner.shape
    row, column = np.indices(owner.shape)
    radius = 0.13 * min(owner.shape) * (1 + 0.25 * smooth_field(rng, owner.shape, 6 * FINE))
    town = np.hypot(row - place[0], column - place[1]) < radius
    block = round(2.4 * FINE)
    numbers = (row // block) * (owner.shape[1] // block + 1) + column // block
    for number in np.unique(numbers[town]):
        use = "town" if rng.random() < 0.78 else "bank"
        _cover(owner, parcels, town & (numbers == number), use)


def _distance_to_river(rng: np.random.Generator, fine: tuple[int, int]) -> NDArray[np.float64]:
    """Distance, in pixels, from a meandering line that crosses the scene."""
    row = np.indices(fine)[0] / FINE
    along = np.arange(fine[1]) / FINE
    phase, length = rng.uniform(0, 2 * np.pi), rng.uniform(45, 70)
    line = fine[0] / FINE * rng.uniform(0.3, 0.7) + rng.uniform(-0.2, 0.2) * along
    line = line + 6 * np.sin(2 * np.pi * along / length + phase)
    line = line + 2 * np.sin(2 * np.pi * along / 23 + 2 * phase)
    steepness = np.hypot(1, np.gradient(line, along))
    return np.abs(row - line) / steepness


def _cover(
    owner: NDArray[np.int32], parcels: list[Parcel], where: NDArray[np.bool_], use: str
) -> None:
    """Give an area to a new parcel."""
    rows, columns = np.nonzero(where)
    if rows.size:
        owner[where] = len(parcels)
        parcels.append(Parcel(use, (float(rows.mean()), float(columns.mean()))))
