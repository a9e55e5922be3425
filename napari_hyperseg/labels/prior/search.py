"""The surfaces between layered classes, one after the other, each guided by those found before.

All are looked for on their own first.  The surest one then guides its neighbours, and these guide
theirs, by the thickness between them; in a second round every surface is guided from both sides.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.gridding import Grid, misfit, plate_within
from napari_hyperseg.labels.prior.memo import Memo
from napari_hyperseg.labels.prior.surfaces import bent_surface
from napari_hyperseg.labels.tracking.traces import Volume

PULL = 0.03  # cost of a departure as large as guides miss picks by that they do not know
LEAST_MISFIT, USUAL_MISFIT = 0.5, 3.0  # samples
LEAST_SURE = 0.03


class Search:
    """Surfaces within bounds.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    bounds : Bounds
        Shape (n, n_inlines, n_crosslines), from top to bottom.
    parts : ndarray of uint8, shape (n_inlines, n_crosslines)
        Which picks belong together; see `references`.
    memo : Memo
        Of former searches in the same volume.

    Attributes
    ----------
    samples, sure : ndarray of float32, shape (n, n_inlines, n_crosslines)
        What was found so far, NaN where nothing was, and how sure it is, 0 to 1.
    """

    def __init__(
        self, volume: Volume, bounds: Bounds, parts: NDArray[np.uint8], memo: Memo
    ) -> None:
        self._volume, self._bounds, self._parts, self._memo = volume, bounds, parts, memo
        self.samples = np.full(bounds.least.shape, np.nan, np.float32)
        self.sure = np.zeros(bounds.least.shape, np.float32)
        self._picked = np.flatnonzero(np.isfinite(bounds.picks).any(axis=(1, 2))).tolist()

    def alone(self, only: int | None = None) -> Iterator[None]:
        """Find every surface on its own, or only one, if that is picked."""
        for number in [only] if only in self._picked else self._picked:
            self._find(number, plate_within(self._bounds[number]), 0.0)
            yield

    def together(self) -> Iterator[None]:
        """Find them again, each guided by its neighbours."""
        for number, neighbour in _outwards(self._picked, self.surest):
            self._follow(number, [neighbour])
            yield
        for number in [*dict(_outwards(self._picked, self.surest)), self.surest]:
            self._follow(number, _beside(self._picked, number))
            yield

    @property
    def surest(self) -> int:
        """Number of the surface that is surest as a whole."""
        return self._picked[int(self.sure[self._picked].mean(axis=(1, 2)).argmax())]

    def _follow(self, number: int, neighbours: list[int]) -> None:
        """Find a surface from where its neighbours are, and how thick what lies between is."""
        if not neighbours:
            return
        bounds = self._bounds[number]
        guides, weights, misfits = [], [], []
        for neighbour in neighbours:
            other = self.samples[neighbour].astype(np.float64)
            between = bounds.below(other)
            missed = misfit(between.picks, self._parts)
            misfits.append(USUAL_MISFIT if np.isnan(missed) else max(missed, LEAST_MISFIT))
            guides.append(other + plate_within(between))
            weights.append(np.square(self.sure[neighbour] + LEAST_SURE) / misfits[-1] ** 2)
        guide = np.sum([w * g for w, g in zip(weights, guides, strict=True)], axis=0)
        self._find(number, guide / np.sum(weights, axis=0), PULL / min(misfits))

    def _find(self, number: int, guide: Grid, pull: float) -> None:
        bounds, parts = self._bounds[number], self._parts
        self.samples[number], self.sure[number] = self._memo.find(
            lambda: bent_surface(self._volume, bounds, parts, guide, pull),
            bounds.least,
            bounds.most,
            parts[np.isfinite(bounds.picks)],
            guide,
            np.asarray(pull),
        )


def _outwards(numbers: list[int], anchor: int) -> Iterator[tuple[int, int]]:
    """All but the anchor, from there upwards and downwards, each with the one before it."""
    at = numbers.index(anchor)
    for place in range(at - 1, -1, -1):
        yield numbers[place], numbers[place + 1]
    for place in range(at + 1, len(numbers)):
        yield numbers[place], numbers[place - 1]


def _beside(numbers: list[int], number: int) -> list[int]:
    at = numbers.index(number)
    return [numbers[place] for place in (at - 1, at + 1) if 0 <= place < len(numbers)]
