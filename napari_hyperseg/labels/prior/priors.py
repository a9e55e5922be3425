"""The surfaces between layered classes, from all labels and from all but some of them.

What the network is trained with at a label must not know that label, or it would learn that the
prior is always right: each fold of the labels has surfaces that were made without it.  What
those miss there says by how much surfaces are off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.boundaries import Grids
from napari_hyperseg.labels.prior.memo import Memo, Way
from napari_hyperseg.labels.prior.ordering import in_order
from napari_hyperseg.labels.prior.spreads import Found, Misses, SpreadOf, usual_spread
from napari_hyperseg.labels.prior.surfaces import bent_surface, tracked_surface
from napari_hyperseg.labels.tracking.traces import Volume

LEAST_WEIGHT = 0.05  # of a surface that is not sure at all, where two cross
CLEARLY, SURE = 0.7, 0.9  # share of the error, and mean confidence, of a way that is better

USUAL_WAY: Way = bent_surface
OTHER_WAY: Way = tracked_surface
ALL = 0  # no fold is left out


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
    picks: Grids,
    fold_of: NDArray[np.uint8],
    memo: Memo | None = None,
    spread_of: SpreadOf = usual_spread,
) -> Iterator[Priors | None]:
    """Find the surfaces that picks lead to, one at a time.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    picks : ndarray of float, shape (n, n_inlines, n_crosslines)
        Samples, from top to bottom; NaN where there is none.  Some surface has one.
    fold_of : ndarray of uint8, shape (n_inlines, n_crosslines)
        Fold of each labelled trace, from 1; else 0.
    memo : Memo, optional
        Of former searches in the same volume.
    spread_of : callable
        Taken until this search tells how far off surfaces are.

    Yields
    ------
    Priors or None
        After every surface.  As soon as there are those from all picks: these alone.  Last: all.
    """
    yield from _Search(volume, picks, fold_of, memo or Memo()).surfaces(spread_of)


def make_priors(volume: Volume, picks: Grids, fold_of: NDArray[np.uint8]) -> Priors:
    """Find all the surfaces that picks lead to, at once; see `find_priors`."""
    *_, priors = find_priors(volume, picks, fold_of)
    assert priors is not None
    return priors


class _Search:
    """What was found so far, in either way, without each fold."""

    def __init__(
        self, volume: Volume, picks: Grids, fold_of: NDArray[np.uint8], memo: Memo
    ) -> None:
        self._volume, self._picks, self._fold_of, self._memo = volume, picks, fold_of, memo
        self._picked = np.flatnonzero(np.isfinite(picks).any(axis=(1, 2))).tolist()
        folds = np.unique(fold_of[fold_of > 0]).tolist()
        self._folds = folds if len(folds) > 1 else []
        self._usual = {fold: self._nothing() for fold in (ALL, *self._folds)}
        self._other = {fold: self._nothing() for fold in (ALL, *self._folds)}

    def surfaces(self, spread_of: SpreadOf) -> Iterator[Priors | None]:
        """Find one surface after the other."""
        self._memo.begin()
        yield from self._find(USUAL_WAY, self._usual, [ALL], self._picked)
        yield self._priors(self._usual, [], spread_of)
        if not self._folds:
            return
        yield from self._find(USUAL_WAY, self._usual, self._folds, self._picked)
        yield from self._find(OTHER_WAY, self._other, [ALL], self._picked)
        _, sure = self._other[ALL]
        likely = [number for number in self._picked if sure[number].mean() >= SURE]
        yield from self._find(OTHER_WAY, self._other, self._folds, likely)
        self._memo.end()
        best = self._best()
        yield self._priors(best, self._folds, self._misses(best).spread_of())

    def _find(
        self, way: Way, found: dict[int, Found], folds: Iterable[int], numbers: Iterable[int]
    ) -> Iterator[None]:
        for fold in folds:
            samples, sure = found[fold]
            for number in numbers:
                picks = np.where(self._fold_of == fold, np.nan, self._picks[number])
                if np.isfinite(picks).any():
                    samples[number], sure[number] = self._memo.find(
                        way, self._volume, picks.astype(np.float64), self._fold_of
                    )
                yield

    def _best(self) -> dict[int, Found]:
        """Each surface in the usual way, unless the other is clearly better.

        A few lines tell little: the other way must miss what was left out of them by much less,
        and be sure of what it found.
        """
        usual, other = self._misses(self._usual).mean(), self._misses(self._other).mean()
        _, sure = self._other[ALL]
        better = (other < CLEARLY * usual) & (sure.mean(axis=(1, 2)) >= SURE)
        there = better[:, None, None]
        return {
            fold: _ordered(
                np.where(there, self._other[fold][0], self._usual[fold][0]),
                np.where(there, self._other[fold][1], self._usual[fold][1]),
            )
            for fold in self._usual
        }

    def _misses(self, found: dict[int, Found]) -> Misses:
        without = {fold: found[fold] for fold in self._folds}
        return Misses(self._picks, without, self._fold_of)

    def _priors(self, found: dict[int, Found], folds: list[int], spread_of: SpreadOf) -> Priors:
        ordered = {fold: _ordered(*found[fold]) for fold in (ALL, *folds)}
        surfaces = {f: Surfaces(samples, spread_of(sure)) for f, (samples, sure) in ordered.items()}
        return Priors(surfaces.pop(ALL), surfaces, self._fold_of, spread_of)

    def _nothing(self) -> Found:
        return np.full_like(self._picks, np.nan), np.zeros_like(self._picks)


def _ordered(samples: Grids, sure: Grids) -> Found:
    samples = samples.copy()
    _fill(samples)
    return in_order(samples, sure + LEAST_WEIGHT), sure


def _fill(samples: Grids) -> None:
    """Let a surface that is picked nowhere lie on the next one down, or up: nothing between."""
    known = np.flatnonzero(np.isfinite(samples[:, 0, 0]))
    for number in range(len(samples)):
        if number not in known and len(known):
            below = known[known > number]
            samples[number] = samples[below[0] if len(below) else known[-1]]
