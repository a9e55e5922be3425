"""Reflectance spectra of land covers, 400 to 2500 nm.

Owns the optical formulae: smooth continua with absorption bands where the materials have
them.  Knows nothing of maps, dates or sensors.

A cover's spectrum depends on four traits, each about standard normal: what makes one field
of a crop differ from another.  The band positions are those of leaf and soil spectroscopy
(chlorophyll 450 and 670 nm, red edge near 715 nm, liquid water 970, 1200, 1450 and 1940 nm,
cellulose 2100 and 2280 nm, clay 2200 nm, iron oxides 500 and 880 nm).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Spectrum = NDArray[np.float64]


class Traits(NamedTuple):
    """What varies within a cover, in standard deviations."""

    vigour: float = 0.0
    brightness: float = 0.0
    moisture: float = 0.0
    tint: float = 0.0


def reflectance(cover: str, nm: Spectrum, traits: Traits = Traits()) -> Spectrum:
    """Spectrum of a cover.

    Parameters
    ----------
    cover : str
        One of `COVERS`.
    nm : ndarray of float, shape (bands,)
        Wavelengths in nanometres.
    traits : Traits

    Returns
    -------
    ndarray of float, shape (bands,)
        Between 0.003 and 0.95.
    """
    return np.clip(COVERS[cover](nm, traits), 0.003, 0.95)


def _dip(nm: Spectrum, centre: float, width: float, depth: float) -> Spectrum:
    """Absorbance of a band."""
    return depth * np.exp(-0.5 * ((nm - centre) / width) ** 2)


def _liquid_water(nm: Spectrum, amount: float) -> Spectrum:
    bands = ((970, 25, 0.05), (1200, 45, 0.16), (1450, 55, 0.95), (1940, 80, 1.5))
    tail = 0.95 * np.clip((nm - 1300) / 1200, 0, None)
    return max(amount, 0.0) * (sum(_dip(nm, *band) for band in bands) + tail)


def leaf(nm: Spectrum, chlorophyll: float, water: float, dry: float = 0.0) -> Spectrum:
    """Green or yellowing leaves: a near-infrared plateau under their absorbances."""
    edge = 706 + 9 * min(chlorophyll, 1.6)
    visible = 2.35 * chlorophyll**0.4 / (1 + np.exp((nm - edge) / 14))
    green = _dip(nm, 552, 32, 0.75 * chlorophyll**0.2)
    blue = _dip(nm, 440, 60, 0.4)
    cellulose = _dip(nm, 2100, 55, 0.35 * dry) + _dip(nm, 2280, 50, 0.25 * dry)
    return 0.54 * np.exp(-np.clip(visible - green, 0, None) - blue - cellulose
                         - _liquid_water(nm, water))  # fmt: skip


def soil(nm: Spectrum, brightness: float, moisture: float, iron: float) -> Spectrum:
    """Bare ground: rising with wavelength, darker and with water bands where it is wet."""
    continuum = brightness * (1 - np.exp(-(nm - 270) / 620))
    oxides = iron * (_dip(nm, 500, 60, 0.35) + _dip(nm, 880, 70, 0.12))
    clay = _dip(nm, 2205, 22, 0.14)
    wetness = moisture * (0.35 + 0.5 * _liquid_water(nm, 0.5))
    return continuum * np.exp(-oxides - clay - wetness)


def straw(nm: Spectrum, brightness: float) -> Spectrum:
    """Dry plant matter: no red edge, cellulose bands."""
    continuum = brightness * (1 - np.exp(-(nm - 320) / 330))
    cellulose = _dip(nm, 2100, 50, 0.32) + _dip(nm, 2280, 45, 0.22) + _dip(nm, 1730, 30, 0.06)
    return continuum * np.exp(-cellulose - _liquid_water(nm, 0.12))


def _mixed(share: float, first: Spectrum, second: Spectrum) -> Spectrum:
    share = float(np.clip(share, 0.0, 1.0))
    return share * first + (1 - share) * second


def _bare_soil(nm: Spectrum, t: Traits) -> Spectrum:
    wet = max(0.25 + 0.3 * t.moisture, 0.0)
    return soil(nm, 0.40 + 0.045 * t.brightness, wet, 0.8 + 0.3 * t.tint)


def _stubble(nm: Spectrum, t: Traits) -> Spectrum:
    ground = soil(nm, 0.36 + 0.04 * t.brightness, max(0.2 + 0.2 * t.moisture, 0), 0.8)
    return _mixed(0.62 + 0.1 * t.vigour, straw(nm, 0.47 + 0.03 * t.tint), ground)


def _alfalfa(nm: Spectrum, t: Traits) -> Spectrum:
    green = leaf(nm, 1.05 + 0.12 * t.tint, 1.0 + 0.14 * t.moisture)
    ground = soil(nm, 0.34 + 0.03 * t.brightness, 0.5, 0.8)
    return _mixed(0.84 + 0.1 * t.vigour, green, ground)


def _potatoes(nm: Spectrum, t: Traits) -> Spectrum:
    green = 1.04 * leaf(nm, 0.72 + 0.1 * t.tint, 1.22 + 0.14 * t.moisture, 0.15)
    ground = soil(nm, 0.36 + 0.03 * t.brightness, 0.6, 0.8)
    return _mixed(0.76 + 0.1 * t.vigour, green, ground)


def _shrub(nm: Spectrum, t: Traits) -> Spectrum:
    grey_green = 0.8 * leaf(nm, 0.55 + 0.1 * t.tint, 0.45 + 0.1 * t.moisture, 0.7)
    ground = _mixed(0.35, straw(nm, 0.42), soil(nm, 0.38 + 0.05 * t.brightness, 0.1, 1.0))
    return _mixed(0.34 + 0.1 * t.vigour, grey_green, ground)


def _trees(nm: Spectrum, t: Traits) -> Spectrum:
    green = 0.78 * leaf(nm, 1.3 + 0.15 * t.tint, 0.95 + 0.12 * t.moisture, 0.1)
    return _mixed(0.9 + 0.06 * t.vigour, green, soil(nm, 0.22 + 0.03 * t.brightness, 0.4, 0.6))


def _water(nm: Spectrum, t: Traits) -> Spectrum:
    turbid = max(0.45 + 0.2 * t.brightness, 0.1)
    reach = 600 + 60 * turbid
    scattered = (0.04 + 0.12 * turbid) / (1 + np.exp((nm - reach) / (28 + 20 * turbid)))
    return 0.006 + scattered * (1 - 0.45 * np.exp(-(nm - 380) / 110))


def _built_up(nm: Spectrum, t: Traits) -> Spectrum:
    concrete = (0.27 + 0.06 * t.brightness) * (1 - np.exp(-(nm - 200) / 260))
    roof = (0.20 + 0.05 * t.tint) * (1 / (1 + np.exp(-(nm - 590) / 60)) + 0.25)
    tar = _dip(nm, 1730, 28, 0.14) + _dip(nm, 2310, 40, 0.22)
    return _mixed(0.55 + 0.22 * t.vigour, concrete, roof) * np.exp(-tar)


COVERS: dict[str, Callable[[Spectrum, Traits], Spectrum]] = {
    "water": _water,
    "built-up": _built_up,
    "bare soil": _bare_soil,
    "stubble": _stubble,
    "alfalfa": _alfalfa,
    "potatoes": _potatoes,
    "shrub": _shrub,
    "trees": _trees,
}
"""The land covers, by name; all but water and built-up can be confused with another."""
