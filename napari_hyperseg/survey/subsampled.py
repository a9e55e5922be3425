"""A volume at a lower resolution, made while it is read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.selection import select

BLOCK = 1 << 22  # samples read at a time: of a volume larger than memory, a part is small


class SubsampledVolume(LazyVolume):
    """Every `step`-th trace of every `step`-th line; means of `step` samples along them.

    Means, because single samples of a wiggle would be another wiggle.

    Parameters
    ----------
    volume : LazyVolume
        At its full resolution.
    step : int
    """

    def __init__(self, volume: LazyVolume, step: int) -> None:
        self._volume, self._step = volume, step

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""
        i, j, k = (math.ceil(n / self._step) for n in self._volume.shape)
        return i, j, k

    @property
    def dtype(self) -> np.dtype:
        """Of a sample."""
        return self._volume.dtype

    def release(self) -> None:
        """Give back memory that holds pages of mapped files."""
        self._volume.release()

    def __getitem__(self, key: Any) -> NDArray[Any]:
        selection = select(key, self.shape)
        if 0 in selection.extent:
            return selection.shaped(np.empty(selection.extent, self.dtype))
        i, j, k = selection.ranges
        samples = slice(k[0] * self._step, (k[-1] + 1) * self._step)
        coarse = np.empty(selection.extent, self.dtype)
        lines = max(1, BLOCK // (len(j) * len(k) * k.step * self._step))
        for at in range(0, len(i), lines):
            fine = self._volume[self._every(i[at : at + lines]), self._every(j), samples]
            coarse[at : at + lines] = self._means(fine)[..., :: k.step]
        return selection.shaped(coarse)

    def _every(self, lines: range) -> slice:
        step = self._step
        return slice(lines.start * step, (lines[-1] + 1) * step, lines.step * step)

    def _means(self, fine: NDArray[Any]) -> NDArray[Any]:
        """Means along traces; of what there is at their end."""
        starts = np.arange(0, fine.shape[-1], self._step)
        counts = np.minimum(self._step, fine.shape[-1] - starts)
        means = np.add.reduceat(fine, starts, axis=-1, dtype=np.result_type(self.dtype, "f4"))
        means /= counts.astype(means.dtype)
        return (means if self.dtype.kind == "f" else np.rint(means)).astype(self.dtype)
