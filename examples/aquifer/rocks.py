"""The rocks of the made scene and what instruments see of them.

Values are typical ones (Telford, Geldart and Sheriff 1990, tables 2.1 and 3.1; Dickson and
Scott 1997 for radioelements), not those of any place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Rock:
    """One unit.

    Parameters
    ----------
    name : str
    density : float
        kg/m^3.
    susceptibility : float
        SI.
    potassium, thorium, uranium : float
        Of the soil on it: per cent, ppm, ppm.
    erodibility : float
        Relative.
    sand : float
        Share of sand in what weathers off it, 0 to 1.
    brittle : float
        How readily faults leave open fractures in it, 0 to 1.
    """

    name: str
    density: float
    susceptibility: float
    potassium: float
    thorium: float
    uranium: float
    erodibility: float
    sand: float
    brittle: float


SCHIST, GREENSTONE, GNEISS, QUARTZITE, GRANITE, DOLERITE = range(6)

ROCKS = (
    Rock("schist", 2720, 0.4e-3, 1.7, 15, 3.4, 1.5, 0.15, 0.1),
    Rock("greenstone", 2830, 12e-3, 0.5, 2.5, 0.7, 1.0, 0.05, 0.3),
    Rock("gneiss", 2690, 4e-3, 3.0, 9, 1.6, 0.8, 0.65, 0.9),
    Rock("quartzite", 2650, 0.1e-3, 0.4, 4, 0.8, 0.4, 0.80, 1.0),
    Rock("granite", 2650, 1.5e-3, 4.2, 22, 5.0, 0.9, 0.85, 0.9),
    Rock("dolerite", 2950, 30e-3, 0.7, 2, 0.6, 0.8, 0.05, 0.5),
)

BASIN_DENSITY, ALLUVIUM_DENSITY = 2250, 1950  # sandstone; loose sand and clay
MEAN_DENSITY = 2700


def rock_property(units: NDArray[np.uint8], name: str) -> NDArray[np.float64]:
    """Look a property up for a map of units."""
    return np.array([getattr(rock, name) for rock in ROCKS])[units]
