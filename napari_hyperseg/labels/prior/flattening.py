"""Surfaces that follow the dip of the reflectors from pick to pick.

Least squares: from each trace to the next a surface falls as the reflectors do, the more so the
plainer they are; it passes through the picks, and is one where lines cross.  As the dip depends on
where the surface is, it is solved for again and again (Lomask et al., Geophysics 71, 2006; with
picks as constraints: Wu and Hale, Geophysics 80, 2015).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from napari_hyperseg.labels.prior.basemap import Grid, Index
from napari_hyperseg.labels.prior.dips import Dips

ITERATIONS = 10
SETTLED = 0.05  # samples of change, on average
PICKED = 1e3  # weights: of a pick,
TIED = 1.0  # of two lines at one place,
UNSURE = 0.5  # of a dip where reflectors have no direction, before it is squared,
BEGINNING = 1e-6  # of where it begins, where nothing else says anything


def follow_dips(dips: Dips, picks: Grid, beginning: Grid, ties: Index) -> Grid:
    """Find the surface through picks that falls as reflectors do.

    Parameters
    ----------
    dips : Dips
    picks : ndarray of float, shape (n_inlines, n_crosslines)
        In samples; NaN where there is none.
    beginning : ndarray of float, same shape
        Where it is looked for first.
    ties : ndarray of int, shape (n, 2, 2)
        Pairs of traces, (inline, crossline) indices each, that are at one place.

    Returns
    -------
    ndarray of float, same shape
    """
    numbers = np.arange(picks.size).reshape(picks.shape)
    pinned = np.where(np.isfinite(picks), PICKED, 0.0).ravel()
    surface = beginning
    for _ in range(ITERATIONS):
        system = _System(picks.size)
        system.pull(pinned, np.nan_to_num(picks).ravel())
        system.pull(np.full(picks.size, BEGINNING), beginning.ravel())
        one, other = (numbers[tuple(ties[:, side].T)] for side in (0, 1))
        system.step(one, other, np.full(len(ties), TIED), np.zeros(len(ties)))
        for axis in dips.axes:
            dip, plane = dips.along(axis, surface)
            system.step(*_neighbours(numbers, axis), *_between(dip, plane + UNSURE, axis))
        found = system.solve().reshape(picks.shape)
        change = float(np.abs(found - surface).mean())
        surface = found
        if change < SETTLED:
            break
    return surface


def _neighbours(numbers: NDArray[np.intp], axis: int) -> tuple[Index, Index]:
    lines = np.moveaxis(numbers, axis, 0)
    return lines[:-1].ravel(), lines[1:].ravel()


def _between(dip: Grid, plane: Grid, axis: int) -> tuple[Grid, Grid]:
    """Weight of each step from a trace to the next, and the step."""
    dips, planes = (np.moveaxis(values, axis, 0) for values in (dip, plane))
    weight = np.square(np.minimum(planes[:-1], planes[1:]))
    return weight.ravel(), (0.5 * (dips[:-1] + dips[1:])).ravel()


class _System:
    """Normal equations of so many unknowns."""

    def __init__(self, n: int) -> None:
        self._right = np.zeros(n)
        self._entries: list[tuple[Grid, Index, Index]] = []

    def pull(self, weights: Grid, to: Grid) -> None:
        """Each unknown should be at a value."""
        every = np.arange(len(weights))
        self._entries.append((weights, every, every))
        self._right += weights * to

    def step(self, first: Index, second: Index, weights: Grid, steps: Grid) -> None:
        """From one unknown to another there should be a step."""
        for row, column, sign in (
            (first, first, 1),
            (second, second, 1),
            (first, second, -1),
            (second, first, -1),
        ):
            self._entries.append((sign * weights, row, column))
        np.add.at(self._right, second, weights * steps)
        np.add.at(self._right, first, -weights * steps)

    def solve(self) -> Grid:
        """The values that miss all of this the least."""
        values, rows, columns = (
            np.concatenate(parts) for parts in zip(*self._entries, strict=True)
        )
        n = len(self._right)
        matrix = coo_array((values, (rows, columns)), shape=(n, n)).tocsc()
        solution: Grid = spsolve(matrix, self._right, permc_spec="MMD_AT_PLUS_A")
        return solution
