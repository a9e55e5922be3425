"""The surfaces between layered classes, from all labels and from all but some of them.

What the network is trained with at a label must not know that label, or it would learn that the
prior is always right: each fold of the labels has surfaces that were made without it.  What
those miss there says by how much surfaces are off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.boundaries import Grids
from napari_hyperseg.labels.prior.folds import folds_of
from napari_hyperseg.labels.prior.ordering import in_order
from napari_hyperseg.labels.prior.surfaces import bent_surface, tracked_surface
from napari_hyperseg.labels.tracking.traces import Volume

BINS = 6  # of confidence
LEAST_SPREAD, USUAL_SPREAD = 0.35, 2.0  # samples
TO_SPREAD = 1 / (2 * np.log(2))  # scale of a logistic distribution over its mean distance
LEAST_WEIGHT = 0.05  # of a surface that is not sure at all, where two cross
WORST = 10.0  # samples: a surface that misses by more is no worse
CLEARLY, SURE = 0.7, 0.9  # share of the error, and mean confidence, of a way that is better
WAYS = (bent_surface, tracked_surface)

Way = Callable[[Volume, NDArray[np.float64], NDArray[np.uint8]], tuple[NDArray, NDArray]]
_Found = tuple[Grids, Grids]


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
    folds : tuple of Surfaces
        Without fold 1, 2, ...; empty where labels cannot be parted.
    fold_of : ndarray of uint8, shape (n_inlines, n_crosslines)
        Fold of each labelled trace, from 1; else 0.
    """

    whole: Surfaces
    folds: tuple[Surfaces, ...]
    fold_of: NDArray[np.uint8]


def make_priors(
    volume: Volume, picks: Grids, progress: Callable[[float], object] = lambda share: None
) -> Priors:
    """Find the surfaces that picks lead to.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    picks : ndarray of float, shape (n, n_inlines, n_crosslines)
        Samples, from top to bottom; NaN where there is none.  Some surface has one.
    progress : callable
        Told the share that is done, 0 to 1.
    """
    fold_of = folds_of(np.logical_or.reduce(np.isfinite(picks), axis=0))
    n_folds = int(fold_of.max())
    left_out = range(n_folds + 1 if n_folds > 1 else 1)  # 0: none is
    ways: list[list[_Found]] = [[] for _ in WAYS]
    for fold in left_out:
        known = np.where(fold_of == fold, np.nan, picks) if fold else picks
        for found, way in zip(ways, WAYS, strict=True):
            found.append(_found(volume, known, fold_of, way))
        progress((fold + 1) / len(left_out))
    errors = [_errors(picks, found[1:], fold_of) for found in ways]
    best = _best_way(errors, [found[0][1].mean(axis=(1, 2)) for found in ways])
    chosen = [_chosen(of_fold, best) for of_fold in zip(*ways, strict=True)]
    spread_of = _spread_of_confidence(picks, chosen[1:], fold_of)
    whole, *folds = (Surfaces(samples, spread_of(sure)) for samples, sure in chosen)
    return Priors(whole, tuple(folds), fold_of)


def _found(volume: Volume, picks: Grids, parts: NDArray[np.uint8], way: Way) -> _Found:
    """All surfaces, found in one way, and how sure each is; NaN where nothing is picked."""
    samples, sure = np.full_like(picks, np.nan), np.zeros_like(picks)
    for number in np.flatnonzero(np.isfinite(picks).any(axis=(1, 2))):
        samples[number], sure[number] = way(volume, picks[number].astype(np.float64), parts)
    return samples, sure


def _errors(picks: Grids, found: list[_Found], fold_of: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean distance of each surface from the picks that it does not know; NaN without any."""
    number, _, missed = _missed(picks, found, fold_of)
    counts = np.bincount(number, minlength=len(picks))
    total = np.bincount(number, np.minimum(missed, WORST), minlength=len(picks))
    return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)


def _best_way(errors: list[NDArray[np.float64]], sure: list[NDArray]) -> NDArray[np.intp]:
    """Number of the way for each surface: the first, unless another is clearly better.

    A few lines tell little: another way must miss what was left out of them by much less, and be
    sure of what it found.
    """
    best = np.zeros(errors[0].shape, np.intp)
    for way, (missed, confidence) in enumerate(zip(errors[1:], sure[1:], strict=True), 1):
        best[(missed < CLEARLY * errors[0]) & (confidence >= SURE)] = way
    return best


def _chosen(found: tuple[_Found, ...], best: NDArray[np.intp]) -> _Found:
    """Each surface in the best way, all in order."""
    samples, sure = (
        np.stack([arrays[way][number] for number, way in enumerate(best)])
        for arrays in zip(*found, strict=True)
    )
    _fill(samples)
    return in_order(samples, sure + LEAST_WEIGHT), sure


def _fill(samples: Grids) -> None:
    """Let a surface that is picked nowhere lie on the next one down, or up: nothing between."""
    known = np.flatnonzero(np.isfinite(samples[:, 0, 0]))
    for number in range(len(samples)):
        if number not in known and len(known):
            below = known[known > number]
            samples[number] = samples[below[0] if len(below) else known[-1]]


def _spread_of_confidence(
    picks: Grids, found: list[_Found], fold_of: NDArray[np.uint8]
) -> Callable[[Grids], Grids]:
    """Learn, from what surfaces miss at the picks they do not know, how far off they may be."""
    _, sure, missed = _missed(picks, found, fold_of)
    if not len(missed):
        return lambda sure: np.full_like(sure, USUAL_SPREAD)
    bins = np.array_split(sure.argsort(), min(BINS, len(sure)))
    at = np.array([sure[one].mean() for one in bins])
    mean = np.array([missed[one].mean() for one in bins], np.float32)
    falling = in_order(mean[::-1, None, None], np.ones((len(mean), 1, 1)))[::-1, 0, 0]
    spread = np.maximum(TO_SPREAD * falling, LEAST_SPREAD)
    return lambda sure: np.interp(sure, at, spread).astype(np.float32)


def _missed(
    picks: Grids, found: list[_Found], fold_of: NDArray[np.uint8]
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]:
    """Number of each surface, how sure it is and its distance, at every pick it does not know."""
    unknown = [np.zeros((3, 0), np.float32)]
    for fold, (samples, sure) in enumerate(found, 1):
        there = (fold_of == fold) & np.isfinite(picks) & np.isfinite(samples)
        distance = np.abs(samples - picks)[there]
        unknown.append(np.stack([np.nonzero(there)[0], sure[there], distance]))
    number, sure, missed = np.concatenate(unknown, axis=1)
    return number.astype(np.intp), sure.astype(np.float32), missed.astype(np.float32)
