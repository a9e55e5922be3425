"""Gravity and magnetics of layered ground, by Fourier transform.

Depths count downwards from the terrain, which the aircraft drapes; fields are those on a
plane at flight height.  Edges are mirrored.  Knows nothing of how the ground came about.

For a layer between the depths z1 and z2 below the sensor (Blakely 1995, eqs. 11.24 and
11.36; k is the radial wavenumber):

    gravity            F[g] = 2 pi G  F[density]  (exp(-k z1) - exp(-k z2)) / k
    reduced to pole    F[T] = B / 2   F[susceptibility]  (exp(-k z1) - exp(-k z2))
    upward by h        F[.] exp(-k h)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GRAVITY_CONSTANT = 6.6743e-11
MILLIGAL = 1e5  # in one m/s^2
FIELD_NT = 55_000.0

Response = Callable[[NDArray], NDArray]


@dataclass(frozen=True)
class Layer:
    """A flat layer with properties that change sideways.

    Parameters
    ----------
    top_m, bottom_m : float
        Depths below the terrain.
    density : ndarray of float, shape (rows, columns)
        Difference to the mean, kg/m^3.
    susceptibility : ndarray of float, same shape
        SI.
    """

    top_m: float
    bottom_m: float
    density: NDArray[np.float64]
    susceptibility: NDArray[np.float64]


def gravity_mgal(layers: Sequence[Layer], height_m: float, pixel_m: float) -> NDArray[np.float64]:
    """Vertical attraction of layers at a height above the terrain, positive down."""

    def attraction(layer: Layer) -> NDArray[np.float64]:
        def response(k: NDArray) -> NDArray:
            thickness = layer.bottom_m - layer.top_m
            safe = np.where(k > 0, k, 1)
            decay = np.where(k > 0, _decay(layer, height_m, k) / safe, thickness)
            return 2 * np.pi * GRAVITY_CONSTANT * MILLIGAL * decay

        return filtered(layer.density, pixel_m, response)

    return np.sum([attraction(layer) for layer in layers], axis=0)


def magnetics_nt(layers: Sequence[Layer], height_m: float, pixel_m: float) -> NDArray[np.float64]:
    """Total field anomaly of induced magnetisation, reduced to the pole."""

    def anomaly(layer: Layer) -> NDArray[np.float64]:
        def response(k: NDArray) -> NDArray:
            return FIELD_NT / 2 * _decay(layer, height_m, k)

        return filtered(layer.susceptibility, pixel_m, response)

    return np.sum([anomaly(layer) for layer in layers], axis=0)


def continued_upward(field: NDArray, height_m: float, pixel_m: float) -> NDArray[np.float64]:
    """Continue a field to a plane that is higher by `height_m`."""
    return filtered(field, pixel_m, lambda k: np.exp(-k * height_m))


def filtered(field: NDArray, pixel_m: float, response: Response) -> NDArray[np.float64]:
    """Multiply a map's spectrum by a real function of the wavenumber in rad/m."""
    rows, columns = field.shape
    mirrored = np.pad(field, ((0, rows), (0, columns)), mode="symmetric")
    k_rows = 2 * np.pi * np.fft.fftfreq(2 * rows, pixel_m)
    k_columns = 2 * np.pi * np.fft.rfftfreq(2 * columns, pixel_m)
    spectrum = np.fft.rfft2(mirrored) * response(np.hypot(k_rows[:, None], k_columns))
    return np.fft.irfft2(spectrum, s=mirrored.shape)[:rows, :columns]


def _decay(layer: Layer, height_m: float, k: NDArray) -> NDArray[np.float64]:
    return np.exp(-k * (layer.top_m + height_m)) - np.exp(-k * (layer.bottom_m + height_m))
