"""Volumes as they are exported: dead traces zero, in another type, one of several.

All are read piece by piece, as what they are made of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume, release
from napari_hyperseg.survey.selection import expand
from napari_hyperseg.survey.survey import Volume


class ConvertedVolume(LazyVolume):
    """A volume whose samples go through a function when they are read.

    Parameters
    ----------
    volume : array-like, shape (n_inlines, n_crosslines, n_samples)
    convert : callable
        Samples of any shape to samples of the same shape.
    dtype : numpy.dtype
        Of what it gives.
    """

    def __init__(
        self, volume: Volume, convert: Callable[[NDArray[Any]], NDArray[Any]], dtype: Any
    ) -> None:
        self._volume, self._convert, self._dtype = volume, convert, np.dtype(dtype)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""
        i, j, k = self._volume.shape
        return i, j, k

    @property
    def dtype(self) -> np.dtype:
        """Of a sample."""
        return self._dtype

    def __getitem__(self, key: Any) -> NDArray[Any]:
        return np.asarray(self._convert(np.asarray(self._volume[key])), self._dtype)

    def release(self) -> None:
        """Give back memory that holds pages of mapped files."""
        release(self._volume)


class OneOfSeveral(LazyVolume):
    """One volume of an array of several.

    Parameters
    ----------
    volumes : array-like, shape (n, n_inlines, n_crosslines, n_samples)
    number : int
        Which.
    """

    def __init__(self, volumes: Volume, number: int) -> None:
        self._volumes, self._number = volumes, number

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""
        _, i, j, k = self._volumes.shape
        return i, j, k

    @property
    def dtype(self) -> np.dtype:
        """Of a sample."""
        return np.dtype(self._volumes.dtype)

    def __getitem__(self, key: Any) -> NDArray[Any]:
        return np.asarray(self._volumes[(self._number, *expand(key))])

    def release(self) -> None:
        """Give back memory that holds pages of mapped files."""
        release(self._volumes)
