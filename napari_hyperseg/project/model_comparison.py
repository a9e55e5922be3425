"""Where two predictions of a survey differ: a volume that is worked out when it is read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume

DIFFERS = 1


class Differing(LazyVolume):
    """1 where two volumes of facies codes differ; 0 where they agree or one is not predicted.

    Parameters
    ----------
    one, other : array-like of uint8, shape (n_inlines, n_crosslines, n_samples)
    """

    def __init__(self, one: Any, other: Any) -> None:
        self._one, self._other = one, other

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""
        i, j, k = self._one.shape
        return i, j, k

    @property
    def dtype(self) -> np.dtype:
        """Bytes."""
        return np.dtype(np.uint8)

    def __getitem__(self, key: Any) -> NDArray[np.uint8]:
        one, other = np.asarray(self._one[key]), np.asarray(self._other[key])
        return np.asarray((one != other) & (one > 0) & (other > 0), np.uint8) * DIFFERS

    def release(self) -> None:
        """Hold nothing."""


def differing_share(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float | None:
    """Return the share of samples whose codes differ, of those that have both; None: none has."""
    both = (one > 0) & (other > 0)
    count = int(np.count_nonzero(both))
    return float(np.count_nonzero((one != other) & both)) / count if count else None
