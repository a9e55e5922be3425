"""A survey's samples as the viewer reads them: where there is no trace, nothing is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.lazy_boxes import LazyBoxes

LARGEST_TEXTURE = 1024  # samples along a side that every graphics card takes in space
LARGEST_IN_SPACE = 1 << 26  # samples that are quick to read and to draw in space


class ShownVolume(LazyBoxes):
    """Amplitudes at a resolution, NaN on dead traces.

    Parameters
    ----------
    survey : Survey
        Its volume may switch to a converted copy at any time.
    level : int
        1 / 2**level of the resolution.
    """

    def __init__(self, survey: Survey, level: int = 0) -> None:
        super().__init__(survey.volume.level(level))
        self._survey, self._level = survey, level
        step = 2**level
        live = survey.geometry.live_mask[::step, ::step]
        self._live = None if live.all() else live

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

    def _read(self, i: slice | int, j: slice | int, k: slice | int) -> NDArray[Any]:
        read = self.samples[i, j, k]
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
