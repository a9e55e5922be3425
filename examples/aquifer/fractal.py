"""Random surfaces with a power spectrum, and smooth ways of putting things on a grid.

Knows nothing of rocks or water.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Shape = tuple[int, int]


def fractal_surface(
    rng: np.random.Generator, shape: Shape, exponent: float, longest: float
) -> NDArray[np.float64]:
    """Draw a self-affine surface of zero mean and unit variance.

    Parameters
    ----------
    rng : Generator
    shape : (int, int)
    exponent : float
        Spectral power falls as wavenumber to minus this; terrain has 3 to 4.
    longest : float
        Wavelength above which the spectrum is flat, in pixels.
    """
    padded = tuple(n + int(longest) // 2 for n in shape)  # the spectral surface is periodic
    wavenumber = np.hypot(np.fft.fftfreq(padded[0])[:, None], np.fft.rfftfreq(padded[1]))
    amplitude = np.maximum(wavenumber, 1 / longest) ** (-exponent / 2)
    spectrum = np.fft.rfft2(rng.standard_normal(padded)) * amplitude
    surface = np.fft.irfft2(spectrum, s=padded)[: shape[0], : shape[1]]
    return (surface - surface.mean()) / surface.std()


def coordinates(shape: Shape) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rows and columns from 0 to 1 over the longer side."""
    longer = max(shape) - 1
    rows, columns = np.indices(shape) / longer
    return rows, columns


def soft_step(values: NDArray, middle: float, width: float) -> NDArray[np.float64]:
    """Rise from 0 to 1 around `middle`, most of it within `width`."""
    return 0.5 * (1 + np.tanh(2 * (values - middle) / width))
