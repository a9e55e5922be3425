"""How far the seismic moves down the trace from one section to the next.

Owns the search: amplitudes are correlated trace by trace within a few samples, neighbours
together, so that shifts are smooth along the section.  Only the neighbourhood of class
boundaries counts where there are some: there it matters whether labels fit.  Knows no file.

Method: normalised cross-correlation, a parabola through its maximum between samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, median_filter, uniform_filter1d

from napari_hyperseg.labels.shifting import shifted

Section = NDArray[np.floating]
"""Amplitudes of a section, shape (n_traces, n_samples); NaN where there is no trace."""

REACH = 8  # samples, from a line to the next
APERTURE = 9  # traces that are correlated together
NEAR = 12  # samples on both sides of a class boundary that count
LEAST_LIKENESS = 0.3  # a smaller correlation tells nothing


def following_shifts(sections: Sequence[Section], codes: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return how many samples labels move down, from the first section to the last.

    Parameters
    ----------
    sections : sequence of ndarray, shape (n_traces, n_samples)
        From the labelled line to the one that the labels go to, all lines between included:
        from line to line events are followed more surely than over many lines.
    codes : ndarray of uint8, same shape
        Labels of the first section.

    Returns
    -------
    ndarray of int, shape (n_traces,)
    """
    moved = np.zeros(len(codes))
    for one, other in pairwise(sections):
        so_far = shifted(codes, np.rint(moved).astype(np.intp))
        moved += trace_shifts(one, other, near_boundaries(so_far))
    return np.rint(moved).astype(np.intp)


def trace_shifts(
    one: Section, other: Section, counts: NDArray[np.bool_], reach: int = REACH
) -> NDArray[np.float64]:
    """Return how far each trace of a section lies further down on another one, in samples.

    Parameters
    ----------
    one, other : ndarray, shape (n_traces, n_samples)
    counts : ndarray of bool, same shape
        Samples of the first section that are compared.
    reach : int
        Largest shift that is looked for, either way.

    Returns
    -------
    ndarray of float, shape (n_traces,)
        Smooth; 0 where nothing is alike.
    """
    reach = min(reach, one.shape[1] - 1)
    if reach < 1:
        return np.zeros(len(one))
    there = np.isfinite(one + other).all(axis=1, keepdims=True)
    first, second = (np.where(there, part, 0).astype(np.float32) for part in (one, other))
    weights = (counts & there).astype(np.float32)
    lags = np.array(sorted(range(-reach, reach + 1), key=abs))  # of equals, the least shift
    likeness = np.stack([_likeness(first, second, weights, int(lag)) for lag in lags])
    best = likeness.argmax(axis=0)
    alike = likeness.max(axis=0) >= LEAST_LIKENESS
    ordered = likeness[np.argsort(lags)]
    found = lags[best] + _vertex(ordered, lags[best] + reach)
    return _smooth(found, alike)


def near_boundaries(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return the samples near a change of class; all of them on traces without one."""
    changes = np.zeros(codes.shape, bool)
    changes[:, 1:] = codes[:, 1:] != codes[:, :-1]
    near = maximum_filter1d(changes, 2 * NEAR + 1, axis=1)
    near[~changes.any(axis=1)] = True
    return near


def _likeness(
    one: NDArray[np.float32], other: NDArray[np.float32], weights: NDArray[np.float32], lag: int
) -> NDArray[np.float64]:
    """Correlate sample s with sample s + lag, over the traces of an aperture together."""
    n = one.shape[1]
    here = slice(max(0, -lag), n - max(0, lag))
    a, b, w = one[:, here], other[:, here.start + lag : here.stop + lag], weights[:, here]
    weighted = w * a
    product, power_a, power_b = (
        uniform_filter1d(np.einsum("ij,ij->i", x, y).astype(float), APERTURE, mode="constant")
        for x, y in ((weighted, b), (weighted, a), (w, b * b))
    )
    energy = np.sqrt(np.maximum(power_a * power_b, 0.0))
    return np.divide(product, energy, out=np.zeros_like(product), where=energy > 0)


def _vertex(likeness: NDArray[np.float64], at: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return where, from the largest sample on, a parabola through three has its maximum."""
    inside = np.clip(at, 1, len(likeness) - 2)
    traces = np.arange(likeness.shape[1])
    before, peak, after = (likeness[inside + step, traces] for step in (-1, 0, 1))
    bend = before - 2 * peak + after
    offset = np.divide(before - after, 2 * bend, out=np.zeros_like(peak), where=bend < 0)
    return np.where(inside == at, np.clip(offset, -0.5, 0.5), 0.0)


def _smooth(found: NDArray[np.float64], alike: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Fill what is not known from its neighbours, drop single outliers and smooth the rest."""
    if not alike.any():
        return np.zeros(len(found))
    traces = np.arange(len(found))
    filled = np.interp(traces, traces[alike], found[alike])
    return gaussian_filter1d(median_filter(filled, APERTURE, mode="nearest"), APERTURE / 4)
