"""Surfaces that were found before: most picks stay the same while labels are painted."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.gridding import Grid
from napari_hyperseg.labels.tracking.traces import Volume

Way = Callable[[Volume, Grid, NDArray[np.uint8]], tuple[Grid, Grid]]


class Memo:
    """Finds a surface, or returns what was found from the same picks.

    Only what the last search used is kept.
    """

    def __init__(self) -> None:
        self._former: dict[bytes, tuple[Grid, Grid]] = {}
        self._current: dict[bytes, tuple[Grid, Grid]] = {}

    def begin(self) -> None:
        """Begin another search."""
        self._former |= self._current
        self._current = {}

    def end(self) -> None:
        """Forget what the search had no use for."""
        self._former = {}

    def find(
        self, way: Way, volume: Volume, picks: Grid, parts: NDArray[np.uint8]
    ) -> tuple[Grid, Grid]:
        """Find a surface in a way; for the arguments see `bent_surface`."""
        key = blake2b(way.__name__.encode())
        key.update(picks.tobytes())
        key.update(parts[np.isfinite(picks)].tobytes())
        digest = key.digest()
        found = self._current.get(digest) or self._former.get(digest)
        self._current[digest] = found or way(volume, picks, parts)
        return self._current[digest]
