"""The samples of a survey, wherever they are read from at the moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.subsampled import SubsampledVolume


class SurveyVolume(LazyVolume):
    """Samples that can be read from elsewhere from now on, without anybody noticing.

    Parameters
    ----------
    read : LazyVolume
        Where they are read from at first.
    """

    def __init__(self, read: LazyVolume) -> None:
        self._levels: tuple[LazyVolume, ...] = (read,)
        self._switched = False

    def __repr__(self) -> str:
        return f"SurveyVolume({self._levels[0]!r})"

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""
        return self._levels[0].shape

    @property
    def dtype(self) -> np.dtype:
        """Of a sample."""
        return self._levels[0].dtype

    @property
    def converted(self) -> bool:
        """Whether samples are read from a converted copy."""
        return self._switched

    def __getitem__(self, key: Any) -> NDArray[Any]:
        return self._levels[0][key]

    def release(self) -> None:
        """Give back memory that holds pages of mapped files."""
        for level in self._levels:
            level.release()

    def switch(self, levels: Sequence[LazyVolume]) -> None:
        """Read from a copy from now on.

        Parameters
        ----------
        levels : sequence of LazyVolume
            The copy, and its coarser levels, each of half the resolution of the one before.

        Raises
        ------
        ValueError
            If the copy is of another shape or type.
        """
        if (levels[0].shape, levels[0].dtype) != (self.shape, self.dtype):
            raise ValueError(f"{levels[0]!r} is no copy of {self!r}.")
        self._levels, self._switched = tuple(levels), True

    def level(self, number: int) -> LazyVolume:
        """Return the samples at 1 / 2**number of the resolution; 0: as they are.

        From the copy if it has that level, else thinned out on reading.
        """
        levels = self._levels
        if number < len(levels):
            return levels[number]
        return SubsampledVolume(levels[0], 2**number)
