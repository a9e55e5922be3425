"""How a spaceborne imaging spectrometer sees a scene: light, air, stripes and noise.

Owns the disturbances, which differ between dates.  Knows no covers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.fields import smooth_field

WAVELENGTHS_NM = np.arange(400.0, 2491.0, 10.0)
OPAQUE_NM = ((1345.0, 1445.0), (1795.0, 1965.0))
"""Where water vapour leaves no light: the sensor's files hold zeros there."""


@dataclass(frozen=True)
class Conditions:
    """Light and air at one date.

    Parameters
    ----------
    light : float
        Brightness left by an imperfect correction for the sun's height.
    haze : float
        Reflectance that haze adds at 400 nm.
    vapour : float
        Depth of the water-vapour bands left by an imperfect correction.
    shade : float
        Standard deviation of slow brightness changes: slopes, thin cloud.
    """

    light: float
    haze: float
    vapour: float
    shade: float


EARLY = Conditions(light=1.0, haze=0.012, vapour=0.03, shade=0.03)
LATE = Conditions(light=0.87, haze=0.03, vapour=0.10, shade=0.06)


def noise_level(nm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard deviation of a pixel's reflectance: largest in the blue and beyond 2000 nm."""
    blue = 0.012 * np.exp(-(nm - 400) / 70)
    far = 0.014 / (1 + np.exp(-(nm - 2150) / 130))
    vapour = sum(0.02 * np.exp(-0.5 * ((nm - c) / 45) ** 2) for c in (1140, 1395, 1880))
    return 0.008 + blue + far + vapour


def observe(
    rng: np.random.Generator,
    cube: NDArray[np.float32],
    conditions: Conditions,
    noise: float,
) -> NDArray[np.float32]:
    """Turn surface reflectance into what the sensor's file holds.

    Parameters
    ----------
    rng : numpy.random.Generator
    cube : ndarray of float, shape (rows, columns, bands)
        Bands at `WAVELENGTHS_NM`.
    conditions : Conditions
    noise : float
        Factor on `noise_level`.

    Returns
    -------
    ndarray of float32, same shape
        Between 0 and 1; zeros in the opaque bands.
    """
    nm, shape = WAVELENGTHS_NM, cube.shape[:2]
    shade = conditions.light * (1 + conditions.shade * smooth_field(rng, shape, 14))
    haze = conditions.haze * (1 + 0.4 * smooth_field(rng, shape, 20))
    vapour = sum(np.exp(-0.5 * ((nm - c) / 22) ** 2) for c in (940, 1135))
    seen = cube * shade[..., None] * (1 - conditions.vapour * vapour)
    seen += haze[..., None] * np.exp(-(nm - 400) / 160)
    sigma = noise * noise_level(nm)
    seen += sigma * rng.standard_normal(cube.shape, np.float32)
    seen += 0.3 * sigma * rng.standard_normal((1, *cube.shape[1:]))  # stripes along the track
    seen[..., opaque()] = 0
    return np.clip(seen, 0, 1).astype(np.float32)


def opaque() -> NDArray[np.bool_]:
    """Which bands hold no light, shape (bands,)."""
    nm = WAVELENGTHS_NM
    return np.any([(start < nm) & (nm < stop) for start, stop in OPAQUE_NM], axis=0)
