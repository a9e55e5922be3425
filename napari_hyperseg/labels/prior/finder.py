"""Finding the surfaces between layered classes, again and again while labels change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.basemap import CUBE, Basemap
from napari_hyperseg.labels.prior.bounds import Bounds, Grids
from napari_hyperseg.labels.prior.lines_search import LinesSearch
from napari_hyperseg.labels.prior.ordering import in_order
from napari_hyperseg.labels.prior.priors import Priors, Surfaces
from napari_hyperseg.labels.prior.search import Search
from napari_hyperseg.labels.prior.searched import Searched
from napari_hyperseg.labels.prior.spreads import Misses, SpreadOf, usual_spread
from napari_hyperseg.labels.prior.thinning import MOST_TRACES, Thinning
from napari_hyperseg.labels.tracking.traces import Volume

LEAST_WEIGHT = 0.05  # of a surface that is not sure at all, where two cross


class Finder:
    """Finds surfaces in one volume.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    most : int
        Traces on which surfaces are looked for; in larger cubes, lines are left out.
    basemap : Basemap
        Where the traces lie.
    """

    def __init__(self, volume: Volume, most: int = MOST_TRACES, basemap: Basemap = CUBE) -> None:
        self._volume, self._most, self._basemap = volume, most, basemap
        self._searched: Searched | None = None
        self._thinning: Thinning | None = None
        self._spread_of: SpreadOf = usual_spread
        self._newest: Search | None = None

    def priors(self, bounds: Bounds, fold_of: NDArray[np.uint8]) -> Iterator[Priors | None]:
        """Find the surfaces that labels lead to, one at a time; not again what did not change.

        Parameters
        ----------
        bounds : Bounds
            Shape (n, n_inlines, n_crosslines), from top to bottom.  Some surface has a pick.
        fold_of : ndarray of uint8, shape (n_inlines, n_crosslines)
            Fold of each labelled trace, from 1; else 0.

        Yields
        ------
        Priors or None
            After every surface.  As soon as there are those from all labels, the first time rough
            ones before: these alone.  Last: all.
        """
        whole = self._search(bounds, fold_of)
        whole.searched.memo.begin()
        if self._newest is None:
            yield from whole.roughly()
            yield self._tell(whole, bounds, fold_of, {})
        yield from whole.alone()
        anchor = whole.surest
        yield from whole.together()
        yield self._tell(whole, bounds, fold_of, {})
        folds = {}
        for fold in _folds(whole.bounds, whole.parts):
            folds[fold] = whole.without(fold)
            yield from folds[fold].alone(anchor)
            yield from folds[fold].together()
        whole.searched.memo.end()
        if folds:
            found = {fold: (search.samples, search.sure) for fold, search in folds.items()}
            self._spread_of = Misses(whole.bounds.picks, found, whole.parts).spread_of()
            yield self._tell(whole, bounds, fold_of, folds)

    def moved(self, bounds: Bounds, fold_of: NDArray[np.uint8]) -> Iterator[Priors | None]:
        """Move those surfaces to which labels say something new, at once, from where they were.

        Parameters
        ----------
        bounds, fold_of
            As for `priors`, which has told something.

        Yields
        ------
        Priors or None
            After every surface; last those from all labels, without folds.
        """
        assert self._newest is not None
        search = self._search(bounds, fold_of)
        yield from search.moved(self._newest)
        yield self._tell(search, bounds, fold_of, {})

    def _search(self, bounds: Bounds, fold_of: NDArray[np.uint8]) -> Search:
        if self._thinning is None:
            most = self._most if self._basemap.abreast else fold_of.size
            self._thinning = Thinning.of(fold_of > 0, most)
            self._searched = Searched(self._thinning.volume(self._volume), self._basemap)
        assert self._searched is not None
        search = Search if self._basemap.abreast else LinesSearch
        return search(self._searched, self._thinning.bounds(bounds), self._thinning.map(fold_of))

    def _tell(
        self,
        whole: Search,
        bounds: Bounds,
        fold_of: NDArray[np.uint8],
        folds: dict[int, Search],
    ) -> Priors:
        self._newest = whole
        without = {
            fold: self._surfaces(search, bounds.without(fold_of == fold))
            for fold, search in folds.items()
        }
        return Priors(self._surfaces(whole, bounds), without)

    def _surfaces(self, search: Search, bounds: Bounds) -> Surfaces:
        """All of them, on all traces, none above the one before it."""
        assert self._thinning is not None
        samples, sure = self._thinning.back(search.samples), self._thinning.back(search.sure)
        samples = bounds.clip(samples.astype(np.float64)).astype(np.float32)
        _fill(samples)
        return Surfaces(in_order(samples, sure + LEAST_WEIGHT), self._spread_of(sure))


def make_priors(volume: Volume, bounds: Bounds, fold_of: NDArray[np.uint8]) -> Priors:
    """Find all the surfaces that labels lead to, at once; see `Finder.priors`."""
    *_, priors = Finder(volume).priors(bounds, fold_of)
    assert priors is not None
    return priors


def _folds(bounds: Bounds, fold_of: NDArray[np.uint8]) -> list[int]:
    """Those without which there are picks left."""
    picked = np.isfinite(bounds.picks).any(axis=0)
    folds: list[int] = np.unique(fold_of[picked]).tolist()
    return folds if len(folds) > 1 else []


def _fill(samples: Grids) -> None:
    """Let a surface that is picked nowhere lie on the next one down, or up: nothing between."""
    known = np.flatnonzero(np.isfinite(samples[:, 0, 0]))
    for number in range(len(samples)):
        if number not in known and len(known):
            below = known[known > number]
            samples[number] = samples[below[0] if len(below) else known[-1]]
