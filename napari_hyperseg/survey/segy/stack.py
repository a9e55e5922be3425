"""The stack of a prestack file: the mean of the traces at a position, taken when it is read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.segy.volume import SegyVolume


class SegyStack(LazyVolume):
    """Read-only array over several volumes of one grid: their mean where they have traces.

    Parameters
    ----------
    volumes : tuple of SegyVolume
        Of one shape; positions without any trace read as zero.
    """

    def __init__(self, volumes: tuple[SegyVolume, ...]) -> None:
        self._volumes = volumes

    def __repr__(self) -> str:
        return f"SegyStack({len(self._volumes)} x {self._volumes[0]!r})"

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""
        return self._volumes[0].shape

    @property
    def dtype(self) -> np.dtype:
        """Of a mean: float32, or float64 where the file has it."""
        return np.result_type(self._volumes[0].dtype, np.float32)

    def release(self) -> None:
        """Give back memory that holds pages of the file."""
        for volume in self._volumes:
            volume.release()

    def __getitem__(self, key: Any) -> NDArray[Any]:
        total: Any = np.zeros((), self.dtype)
        count: Any = np.zeros((), np.int32)
        for volume in self._volumes:
            total = total + volume[key].astype(self.dtype)
            count = count + volume.live(key)
        return np.asarray(total / np.maximum(count, 1), dtype=self.dtype)
