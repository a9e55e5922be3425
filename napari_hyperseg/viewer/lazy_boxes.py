"""Volumes of which a box is not read before a section is cut out of it."""

from __future__ import annotations

from copy import copy
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume, release
from napari_hyperseg.survey.selection import Ranges, expand
from napari_hyperseg.survey.survey import Volume


class LazyBoxes(LazyVolume):
    """A volume as napari reads a level: first the part on screen, through all sections.

    Only then it takes the section; so a box of this volume is another one like it, and
    nothing is read.

    Parameters
    ----------
    volume : array-like, three axes
    """

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        i, j, k = map(range, volume.shape)
        self._box: Ranges = (i, j, k)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of the box."""
        i, j, k = map(len, self._box)
        return i, j, k

    @property
    def dtype(self) -> np.dtype:
        """Of a sample."""
        return np.dtype(self._volume.dtype)

    def release(self) -> None:
        """Give back memory that holds pages of mapped files."""
        release(self._volume)

    def __getitem__(self, key: Any) -> Any:
        i, j, k = (places[part] for places, part in zip(self._box, expand(key), strict=True))
        if isinstance(i, range) and isinstance(j, range) and isinstance(k, range):
            return self._boxed((i, j, k))
        return self._read(_index(i), _index(j), _index(k))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        i, j, k = map(_index, self._box)
        return np.asarray(self._read(i, j, k), dtype=dtype)

    def _boxed(self, box: Ranges) -> Self:
        boxed = copy(self)
        boxed._box = box
        return boxed

    def _read(self, i: slice | int, j: slice | int, k: slice | int) -> NDArray[Any]:
        """Read from the whole volume."""
        return np.asarray(self._volume[i, j, k])


def _index(places: range | int) -> slice | int:
    """Write places as what selects them."""
    if isinstance(places, int):
        return places
    return slice(places.start, places.stop if places.stop >= 0 else None, places.step)
