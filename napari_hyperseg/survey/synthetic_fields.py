"""Random smooth surfaces.

Owns sums of plane waves in trace numbers: they have sub-sample precision, and the same
character in a survey of any size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def smooth_field(
    rng: np.random.Generator, lateral: tuple[int, ...], wavelength: float, n_waves: int = 9
) -> NDArray[np.float64]:
    """A random field of unit variance: plane waves of about one wavelength, in traces."""
    x, y = np.meshgrid(*(np.arange(n) for n in lateral), indexing="ij")
    angles = np.pi * (np.arange(n_waves) + rng.uniform(size=n_waves)) / n_waves
    numbers = 2 * np.pi / wavelength * rng.uniform(0.6, 1.4, n_waves)
    phases = rng.uniform(0, 2 * np.pi, n_waves)
    field = np.zeros(lateral)
    for angle, number, phase in zip(angles, numbers, phases, strict=True):
        field += np.cos(number * (np.cos(angle) * x + np.sin(angle) * y) + phase)
    return field * np.sqrt(2 / n_waves)


def tilted_plane(rng: np.random.Generator, lateral: tuple[int, int]) -> NDArray[np.float64]:
    """Regional dip: from -0.6 to 0.6 across the survey, in a random direction."""
    angle = rng.uniform(0, 2 * np.pi)
    x, y = (np.linspace(-0.6, 0.6, n) for n in lateral)
    return np.cos(angle) * x[:, None] + np.sin(angle) * y
