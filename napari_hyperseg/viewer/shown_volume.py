"""A survey's samples as the viewer reads them: where there is no trace, nothing is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.selection import Ranges, expand
from napari_hyperseg.survey.survey import Survey

LARGEST_TEXTURE = 1024  # samples along a side that every graphics card takes in space
LARGEST_IN_SPACE = 1 << 26  # samples that are quick to read and to draw in space


class ShownVolume(LazyVolume):
    """Amplitudes at a resolution, NaN on dead traces.

    A box of it is another one that nothing was read of: napari cuts the part on screen out of
    a level first, through all sections, and only then the section.

    Parameters
    ----------
    survey : Survey
        Its volume may switch to a converted copy at any time.
    level : int
        1 / 2**level of the resolution.
    box : tuple of range, optional
        Of the positions along each axis; by default all.
    """

    def __init__(self, survey: Survey, level: int = 0, box: Ranges | None = None) -> None:
        self._survey, self._level = survey, level
        i, j, k = map(range, survey.volume.level(level).shape)
        self._box = box or (i, j, k)
        step = 2**level
        live = survey.geometry.live_mask[::step, ::step]
        self._live = None if live.all() else live

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples) at this resolution."""
        i, j, k = map(len, self._box)
        return i, j, k

    @property
    def dtype(self) -> np.dtype:
        """Of a sample; floats where there are dead traces."""
        dtype = self._survey.volume.dtype
        return dtype if self._live is None or dtype.kind == "f" else np.dtype(np.float32)

    @property
    def samples(self) -> LazyVolume:
        """The samples as they are kept: zero on dead traces."""
        return self._survey.volume.level(self._level)

    def release(self) -> None:
        """Give back memory that holds pages of mapped files."""
        self._survey.volume.release()

    def __getitem__(self, key: Any) -> Any:
        i, j, k = (places[part] for places, part in zip(self._box, expand(key), strict=True))
        if isinstance(i, range) and isinstance(j, range) and isinstance(k, range):
            return ShownVolume(self._survey, self._level, (i, j, k))
        return self._read(i, j, k)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self._read(*self._box), dtype=dtype)

    def _read(self, *places: range | int) -> NDArray[Any]:
        i, j, k = map(_index, places)
        read = self._survey.volume.level(self._level)[i, j, k]
        if self._live is None:
            return read
        live = np.asarray(self._live[i, j])
        there = live[..., None] if isinstance(k, slice) else live
        return np.where(there, read, self.dtype.type(np.nan))


def shown_levels(survey: Survey) -> list[ShownVolume]:
    """Return the survey at falling resolution, down to one that can be drawn in space."""
    levels = [ShownVolume(survey)]
    while max(levels[-1].shape) > LARGEST_TEXTURE or levels[-1].size > LARGEST_IN_SPACE:
        levels.append(ShownVolume(survey, len(levels)))
    return levels


def _index(places: range | int) -> slice | int:
    """Write places as what selects them."""
    if isinstance(places, int):
        return places
    return slice(places.start, places.stop if places.stop >= 0 else None, places.step)
