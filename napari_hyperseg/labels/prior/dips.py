"""The dip of reflectors, everywhere in a volume, along the lines of its traces.

From the structure tensor of each section: the mean of products of derivatives over a window
(Bigun and Granlund, First International Conference on Computer Vision, 1987).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from napari_hyperseg.labels.prior.basemap import Grid
from napari_hyperseg.labels.tracking.traces import Volume

DERIVATIVE = 1.0  # samples, and traces: width of the derivatives
WINDOW = (4.0, 8.0)  # traces, samples: over which products are averaged
STEEPEST = 4.0  # samples a trace
LEAST = 1e-12

Field = NDArray[np.float16]


class Dips:
    """Dips in a volume.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    axes : tuple of int
        Along which traces are neighbours.
    """

    def __init__(self, volume: Volume, axes: tuple[int, ...]) -> None:
        whole = np.asarray(volume[:], np.float32)
        scale = float(np.sqrt(np.mean(np.square(whole, dtype=np.float64)))) or 1.0
        whole = np.nan_to_num(whole / np.float32(scale), posinf=0.0, neginf=0.0)
        self._fields = {axis: _fields(whole, axis) for axis in axes}

    @property
    def axes(self) -> tuple[int, ...]:
        """Along which dips are known."""
        return tuple(self._fields)

    def along(self, axis: int, surface: Grid) -> tuple[Grid, Grid]:
        """Dips on a surface, in samples a trace, and how plane reflectors are there, 0 to 1.

        Parameters
        ----------
        axis : int
        surface : ndarray of float, shape (n_inlines, n_crosslines)
            In samples.
        """
        dip, plane = self._fields[axis]
        last = dip.shape[2] - 1
        inside = (surface >= 0) & (surface <= last)
        at = np.clip(surface, 0, last)
        return _between(dip, at), np.where(inside, _between(plane, at), 0.0)


def _between(field: Field, at: Grid) -> Grid:
    """Values on a surface, between samples by linear interpolation."""
    low = np.clip(np.floor(at), 0, max(field.shape[2] - 2, 0)).astype(np.intp)
    high = np.minimum(low + 1, field.shape[2] - 1)
    i, j = np.indices(at.shape)
    upper, lower = field[i, j, low].astype(np.float64), field[i, j, high].astype(np.float64)
    return upper + (at - low) * (lower - upper)


def _fields(volume: NDArray[np.float32], axis: int) -> tuple[Field, Field]:
    """Dip and planarity along an axis, section by section."""
    dip, plane = np.empty(volume.shape, np.float16), np.empty(volume.shape, np.float16)
    sections = zip(*(np.moveaxis(a, 1 - axis, 0) for a in (volume, dip, plane)), strict=True)
    for section, its_dip, its_plane in sections:
        its_dip[:], its_plane[:] = section_dips(section)
    return dip, plane


def section_dips(section: NDArray[np.float32]) -> tuple[NDArray, NDArray]:
    """Dips on a section, and how plane its reflectors are.

    Parameters
    ----------
    section : ndarray of float32, shape (n_traces, n_samples)

    Returns
    -------
    dip : ndarray of float32, same shape
        Samples a trace, downwards.
    plane : ndarray of float32, same shape
        0 where there is no direction, 1 where there is one alone: coherence, squared.
    """
    along = gaussian_filter(section, DERIVATIVE, order=(1, 0))
    down = gaussian_filter(section, DERIVATIVE, order=(0, 1))
    products = (along * along, down * down, along * down)
    xx, zz, xz = (gaussian_filter(product, WINDOW) for product in products)
    difference = np.hypot(xx - zz, 2 * xz)
    total = xx + zz
    across = 0.5 * (total + difference) - xx  # the normal is (xz, across)
    dip = np.where(across > LEAST, -xz / np.maximum(across, LEAST), 0.0)
    plane = np.square(difference / np.maximum(total, LEAST))
    return np.clip(dip, -STEEPEST, STEEPEST), plane
