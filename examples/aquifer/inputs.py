"""From channels in their own units to what a network is shown.

Owns scaling and positions.  Only scalars: a map that is turned keeps their values, so that
augmentation need not know which channel is which.  A component of a gradient, or shaded
relief, would have to turn with the map and has no place here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from examples.aquifer.scene import Scene

LARGEST = 4.0
REGIONAL_PX = 8.0


def network_input(scene: Scene, positions: bool) -> NDArray[np.float32]:
    """Stack the scaled channels, shape (channels, rows, columns).

    Parameters
    ----------
    scene : Scene
    positions : bool
        Append row and column, from -1 to 1: they belong to the place, not to the window.
    """
    planes = []
    for grid in scene.channels.values():
        residual = grid - gaussian_filter(grid, REGIONAL_PX, mode="nearest")
        planes += [standardised(grid, scene.valid), standardised(residual, scene.valid)]
    if positions:
        planes += [2 * at / (max(scene.shape) - 1) - 1 for at in np.indices(scene.shape)]
    return np.stack(planes).astype(np.float32)


def with_blanks(planes: NDArray[np.float32], n_classes: int) -> NDArray[np.float32]:
    """Put empty channels first, one a class: classes are read from the first channels.

    The state begins as a copy of the input.  From zeros, the network need not unlearn that
    magnetics is no evidence for the first class.
    """
    return np.concatenate([np.zeros((n_classes, *planes.shape[1:]), np.float32), planes])


def standardised(grid: NDArray, valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Centre on the median, scale by the quartiles, and bend far outliers in.

    A normal distribution keeps its standard deviation of one; y = asinh(x) is linear
    around zero and logarithmic far out, where magnetics has its dykes.
    """
    low, middle, high = np.percentile(grid[valid], [25, 50, 75])
    spread = (high - low) / 1.349
    if not spread > 0:
        spread = float(grid[valid].std()) or 1.0
    return np.clip(np.arcsinh((grid - middle) / spread), -LARGEST, LARGEST).astype(np.float32)
