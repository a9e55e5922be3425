"""A survey's samples as the viewer reads them: where there is no trace, nothing is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.selection import expand
from napari_hyperseg.survey.survey import Survey

LARGEST_TEXTURE = 1024  # samples along a side that every graphics card takes in space
LARGEST_IN_SPACE = 1 << 26  # samples that are quick to read and to draw in space


class ShownVolume(LazyVolume):
    """Amplitudes at a resolution, NaN on dead traces; an array as napari understands it.

    Parameters
    ----------
    survey : Survey
        Its volume may switch to a converted copy at any time.
    level : int
        1 / 2**level of the resolution.
    """

    def __init__(self, survey: Survey, level: int = 0) -> None:
        self._survey, self._level = survey, level
        step = 2**level
        live = survey.geometry.live_mask[::step, ::step]
        self._live = None if live.all() else live
        self._shape = survey.volume.level(level).shape
        kept = self._live is None or survey.volume.dtype.kind == "f"
        self._dtype = survey.volume.dtype if kept else np.dtype(np.float32)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples) at this resolution."""
        return self._shape

    @property
    def dtype(self) -> np.dtype:
        """Of a sample; floats where there are dead traces."""
        return self._dtype

    def release(self) -> None:
        """Give back memory that holds pages of mapped files."""
        self._survey.volume.release()

    def __getitem__(self, key: Any) -> NDArray[Any]:
        read = self._survey.volume.level(self._level)[key]
        if self._live is None:
            return read
        i, j, k = expand(key)
        live = np.asarray(self._live[i, j])
        there = live[..., None] if isinstance(k, slice) else live
        return np.where(there, read, self.dtype.type(np.nan))


def shown_levels(survey: Survey) -> list[ShownVolume]:
    """Return the survey at falling resolution, down to one that can be drawn in space."""
    levels = [ShownVolume(survey)]
    while max(levels[-1].shape) > LARGEST_TEXTURE or np.prod(levels[-1].shape) > LARGEST_IN_SPACE:
        levels.append(ShownVolume(survey, len(levels)))
    return levels
