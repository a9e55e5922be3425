"""A survey's samples as the viewer reads them: where there is no trace, nothing is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from napari_hyperseg.survey.selection import expand
from napari_hyperseg.survey.survey import Survey

LARGEST_TEXTURE = 1024  # samples along a side that every graphics card takes in space
LARGEST_IN_SPACE = 1 << 26  # samples that are quick to read and to draw in space


class ShownVolume:
    """Amplitudes at a resolution, NaN on dead traces; an array as napari understands it.

    Parameters
    ----------
    survey : Survey
        Its volume may switch to a converted copy at any time.
    level : int
        1 / 2**level of the resolution.
    """

    ndim = 3

    def __init__(self, survey: Survey, level: int = 0) -> None:
        self._survey, self._level = survey, level
        step = 2**level
        live = survey.geometry.live_mask[::step, ::step]
        self._live = None if live.all() else live
        self.shape: tuple[int, int, int] = survey.volume.level(level).shape
        kept = self._live is None or survey.volume.dtype.kind == "f"
        self.dtype = survey.volume.dtype if kept else np.dtype(np.float32)

    def __getitem__(self, key: Any) -> NDArray[Any]:
        read = self._survey.volume.level(self._level)[key]
        if self._live is None:
            return read
        i, j, k = expand(key)
        live = np.asarray(self._live[i, j])
        there = live[..., None] if isinstance(k, slice) else live
        return np.where(there, read, self.dtype.type(np.nan))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype=dtype)


def shown_levels(survey: Survey) -> list[ShownVolume]:
    """Return the survey at falling resolution, down to one that can be drawn in space."""
    levels = [ShownVolume(survey)]
    while max(levels[-1].shape) > LARGEST_TEXTURE or np.prod(levels[-1].shape) > LARGEST_IN_SPACE:
        levels.append(ShownVolume(survey, len(levels)))
    return levels
