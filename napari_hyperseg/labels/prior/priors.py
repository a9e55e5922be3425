"""The surfaces between layered classes, from all labels and from all but some of them.

What the network is trained with at a label must not know that label, or it would learn that the
prior is always right: each fold of the labels has surfaces that were made without it.  What
those miss there says by how much surfaces are off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.bounds import Bounds, Grids
from napari_hyperseg.labels.prior.memo import Memo
from napari_hyperseg.labels.prior.ordering import in_order
from napari_hyperseg.labels.prior.search import Search
from napari_hyperseg.labels.prior.spreads import Misses, SpreadOf, usual_spread
from napari_hyperseg.labels.tracking.traces import Volume

LEAST_WEIGHT = 0.05  # of a surface that is not sure at all, where two cross


@dataclass(frozen=True, eq=False)
class Surfaces:
    """Surfaces from top to bottom, which do not cross.

    Parameters
    ----------
    samples : ndarray of float32, shape (n, n_inlines, n_crosslines)
        First sample below.
    spread : ndarray of float32, same shape
        How far off they may be, in samples: scale of a logistic distribution.
    """

    samples: Grids
    spread: Grids


@dataclass(frozen=True, eq=False)
class Priors:
    """Surfaces from all labels, and from those outside each fold.

    Parameters
    ----------
    whole : Surfaces
    folds : dict of int to Surfaces
        Without a fold, by its number; empty where labels cannot be parted.
    fold_of : ndarray of uint8, shape (n_inlines, n_crosslines)
        Fold of each labelled trace, from 1; else 0.
    spread_of : callable
        How far off surfaces may be, given how sure they are.
    """

    whole: Surfaces
    folds: dict[int, Surfaces]
    fold_of: NDArray[np.uint8]
    spread_of: SpreadOf = usual_spread


def find_priors(
    volume: Volume,
    bounds: Bounds,
    fold_of: NDArray[np.uint8],
    memo: Memo | None = None,
    spread_of: SpreadOf = usual_spread,
) -> Iterator[Priors | None]:
    """Find the surfaces that labels lead to, one at a time.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    bounds : Bounds
        Shape (n, n_inlines, n_crosslines), from top to bottom.  Some surface has a pick.
    fold_of : ndarray of uint8, shape (n_inlines, n_crosslines)
        Fold of each labelled trace, from 1; else 0.
    memo : Memo, optional
        Of former searches in the same volume.
    spread_of : callable
        Taken until this search tells how far off surfaces are.

    Yields
    ------
    Priors or None
        After every surface.  As soon as there are those from all labels, rough ones first if it
        is not known how far off they may be: these alone.  Last: all.
    """
    memo = memo or Memo()
    memo.begin()
    whole = Search(volume, bounds, fold_of, memo)
    if spread_of is usual_spread:
        yield from whole.roughly()
        yield _priors(whole, {}, fold_of, spread_of)
    yield from whole.alone()
    anchor = whole.surest
    yield from whole.together()
    yield _priors(whole, {}, fold_of, spread_of)
    folds = {}
    for fold in _folds(bounds, fold_of):
        folds[fold] = Search(volume, bounds.without(fold_of == fold), fold_of, memo)
        yield from folds[fold].alone(anchor)
        yield from folds[fold].together()
    memo.end()
    if folds:
        found = {fold: (search.samples, search.sure) for fold, search in folds.items()}
        misses = Misses(bounds.picks, found, fold_of)
        yield _priors(whole, folds, fold_of, misses.spread_of())


def make_priors(volume: Volume, bounds: Bounds, fold_of: NDArray[np.uint8]) -> Priors:
    """Find all the surfaces that labels lead to, at once; see `find_priors`."""
    *_, priors = find_priors(volume, bounds, fold_of)
    assert priors is not None
    return priors


def _folds(bounds: Bounds, fold_of: NDArray[np.uint8]) -> list[int]:
    """Those without which there are picks left."""
    picked = np.isfinite(bounds.picks).any(axis=0)
    folds: list[int] = np.unique(fold_of[picked]).tolist()
    return folds if len(folds) > 1 else []


def _priors(
    whole: Search, folds: dict[int, Search], fold_of: NDArray[np.uint8], spread_of: SpreadOf
) -> Priors:
    without = {fold: _surfaces(search, spread_of) for fold, search in folds.items()}
    return Priors(_surfaces(whole, spread_of), without, fold_of, spread_of)


def _surfaces(search: Search, spread_of: SpreadOf) -> Surfaces:
    samples = search.samples.copy()
    _fill(samples)
    return Surfaces(in_order(samples, search.sure + LEAST_WEIGHT), spread_of(search.sure))


def _fill(samples: Grids) -> None:
    """Let a surface that is picked nowhere lie on the next one down, or up: nothing between."""
    known = np.flatnonzero(np.isfinite(samples[:, 0, 0]))
    for number in range(len(samples)):
        if number not in known and len(known):
            below = known[known > number]
            samples[number] = samples[below[0] if len(below) else known[-1]]
