"""The stack of a prestack file: the mean of the traces at a position, taken when it is read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from napari_hyperseg.survey.segy.volume import SegyVolume


class SegyStack:
    """Read-only array over several volumes of one grid: their mean where they have traces.

    Parameters
    ----------
    volumes : tuple of SegyVolume
        Of one shape; positions without any trace read as zero.
    """

    ndim = 3

    def __init__(self, volumes: tuple[SegyVolume, ...]) -> None:
        self._volumes = volumes

    def __repr__(self) -> str:
        return f"SegyStack({len(self._volumes)} x {self._volumes[0]!r})"

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""
        return self._volumes[0].shape

    @property
    def size(self) -> int:
        """Number of samples, missing traces included."""
        return self._volumes[0].size

    @property
    def dtype(self) -> np.dtype:
        """Of a mean: float32, or float64 where the file has it."""
        return np.result_type(self._volumes[0].dtype, np.float32)

    @property
    def nbytes(self) -> int:
        """Bytes of the whole stack when it is loaded."""
        return self.size * self.dtype.itemsize

    def __getitem__(self, key: Any) -> NDArray[Any]:
        """Index as numpy does, with integers, slices and ``...``.

        Raises
        ------
        IndexError
            If an index is out of range or of another kind.
        """
        total: Any = np.zeros((), self.dtype)
        count: Any = np.zeros((), np.int32)
        for volume in self._volumes:
            total = total + volume[key].astype(self.dtype)
            count = count + volume.live(key)
        return np.asarray(total / np.maximum(count, 1), dtype=self.dtype)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError("A stack is computed when it is read: an array of it is a copy.")
        return np.asarray(self[:], dtype=dtype)
