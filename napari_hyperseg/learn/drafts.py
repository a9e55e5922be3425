"""A block for training before it is cut: where, and how its data are changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.learn.augmentation import Arrays, turned, with_phase
from napari_hyperseg.learn.data import SurveyData
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.survey.geometry import Box


@dataclass(frozen=True)
class Draft:
    """All that was drawn by chance for a block.

    Parameters
    ----------
    survey : str
        Key of the survey that it is cut out of.
    box : Box
    shift_ms : float
        By which its times are off.
    phase : float
        Turn of the wavelet, in degrees.
    factor : float
        Of the amplitudes.
    flips : pair of bool
        Whether inlines, and crosslines, come in reverse.
    exchange : bool
        Whether inlines become crosslines.
    """

    survey: str
    box: Box
    shift_ms: float
    phase: float
    factor: float
    flips: tuple[bool, bool]
    exchange: bool

    @property
    def n_rows(self) -> int:
        """Rows of the block as it is to be seen: lines of its first axis, see `turn`."""
        start, stop = self.box[self._rows_axis]
        return stop - start

    def slab(self, first: int, after: int) -> Draft:
        """Return the part of it that has these rows alone, changed like the whole."""
        axis = self._rows_axis
        start, stop = self.box[axis]
        rows = (stop - after, stop - first) if self.flips[axis] else (start + first, start + after)
        box = list(self.box)
        box[axis] = rows
        return replace(self, box=(box[0], box[1], box[2]))

    @property
    def _rows_axis(self) -> int:
        """Of the survey, the axis that becomes the first one."""
        return int(self.exchange)

    def cut(self, data: SurveyData, encoding: InputEncoding) -> NDArray[np.float32]:
        """Cut the channels out of the survey; amplitudes, the first of them, are changed.

        Returns
        -------
        ndarray of float32, shape (channels, i, j, k)
            As they lie in the survey, see `turn`.
        """
        channels = data.block(self.box, encoding.shifted(self.shift_ms)).channels
        channels[0] = self.factor * with_phase(channels[0], self.phase)
        return channels

    def turn(self, arrays: Arrays) -> Arrays:
        """Turn what belongs to the block as it is to be seen."""
        return turned(arrays, self.flips, exchange=self.exchange)
