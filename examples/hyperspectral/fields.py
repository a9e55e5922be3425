"""Random smooth fields, for what varies gradually across a scene.

Owns filtered white noise; knows neither spectra nor parcels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter


def smooth_field(
    rng: np.random.Generator, shape: tuple[int, int], scale: float
) -> NDArray[np.float64]:
    """Gaussian field of zero mean and unit variance.

    Parameters
    ----------
    rng : numpy.random.Generator
    shape : tuple of int
    scale : float
        Width of its features, in samples.
    """
    field = gaussian_filter(rng.normal(size=shape), scale, mode="wrap")
    return (field - field.mean()) / max(float(field.std()), 1e-12)
