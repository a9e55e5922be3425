"""What all volumes that are read piece by piece have in common with an array."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class LazyVolume(ABC):
    """A read-only (inline, crossline, sample) array that is read when it is indexed."""

    ndim = 3

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""

    @property
    @abstractmethod
    def dtype(self) -> np.dtype:
        """Native type of a sample."""

    @abstractmethod
    def __getitem__(self, key: Any) -> NDArray[Any]:
        """Index as numpy does, with integers, slices and ``...``.

        Raises
        ------
        IndexError
            If an index is out of range or of another kind.
        """

    @abstractmethod
    def release(self) -> None:
        """Give back memory that holds pages of mapped files; they are read again when needed.

        For those who go through all of a volume that is larger than memory.
        """

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def size(self) -> int:
        """Number of samples, missing traces included."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes of the whole volume when it is loaded."""
        return self.size * self.dtype.itemsize

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError(f"A {type(self).__name__} lies on disk: an array of it is a copy.")
        return np.asarray(self[:], dtype=dtype)


def release(volume: Any) -> None:
    """Give back memory that holds pages of a volume's files, if it is lazy."""
    if isinstance(volume, LazyVolume):
        volume.release()
