"""2D lines that cross, as the rows of one volume: what labels say on one holds at its crossings.

Lines may bend, and differ in spacing, start and sampling; all times are taken to one axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.basemap import Grid, LinesMap
from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.priors import Priors, Surfaces
from napari_hyperseg.labels.prior.thinning import Thinning
from napari_hyperseg.labels.prior.ties import Place, ties_of
from napari_hyperseg.labels.prior.vertical_axis import VerticalAxis
from napari_hyperseg.labels.tracking.traces import Volume
from napari_hyperseg.survey.geometry import Geometry

MOST_TRACES = 8_000  # on which surfaces are looked for; on more, some are left out
MISTIE = 0.5  # samples by which lines may disagree where they cross


@dataclass(frozen=True, eq=False)
class CrossingLines:
    """2D lines as the rows of one volume.

    Parameters
    ----------
    geometries : tuple of Geometry
        With `line_xy`.
    thinnings : tuple of Thinning
        Which traces of each line the rows have.
    basemap : LinesMap
        Where these lie, and where lines cross.
    axis : VerticalAxis
    """

    geometries: tuple[Geometry, ...]
    thinnings: tuple[Thinning, ...]
    basemap: LinesMap
    axis: VerticalAxis

    @classmethod
    def of(cls, geometries: Sequence[Geometry], most: int = MOST_TRACES) -> CrossingLines:
        """Lay lines out.

        Parameters
        ----------
        geometries : sequence of Geometry
            With `line_xy`.
        most : int
            Traces, about.
        """
        counts = [one.shape[0] * one.shape[1] for one in geometries]
        stride = max(1, int(np.ceil(sum(counts) / most)))
        kept = [np.unique([*range(0, n, stride), n - 1]) for n in counts]
        thinnings = tuple(
            Thinning((1, n), np.zeros(1, np.intp), traces)
            for n, traces in zip(counts, kept, strict=True)
        )
        places = _places(geometries, kept)
        width = max(map(len, kept))
        at = np.stack([_longer(place.at, width) for place in places])
        return cls(
            tuple(geometries),
            thinnings,
            LinesMap(at, ties_of(places)),
            VerticalAxis.over(geometries),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, and traces in each."""
        n_lines, n_traces = self.basemap.at.shape[:2]
        return n_lines, n_traces

    def volume(self, volumes: Sequence[Volume]) -> NDArray[np.float32]:
        """Read the rows: zero beyond the end of a line."""
        rows = np.zeros((*self.shape, self.axis.n_samples), np.float32)
        for row, volume, line in zip(rows, volumes, self._lines(), strict=True):
            geometry, thinning = line
            traces = np.asarray(volume[:]).reshape(-1, geometry.n_samples)[thinning.crosslines]
            at = self.axis.samples_on(geometry)
            row[: len(traces)] = _resampled(traces.astype(np.float32), at)
        return rows

    def bounds(self, each: Sequence[Bounds | None], n: int) -> Bounds:
        """Stack what is known on the lines, and let it hold where they cross.

        Parameters
        ----------
        each : sequence of Bounds or None
            For each line, shape (n, n_inlines, n_crosslines); None: nothing is known.
        n : int
            Boundaries.
        """
        least = np.full((n, *self.shape), -np.inf)
        most = np.full_like(least, np.inf)
        for row, (bounds, (geometry, thinning)) in enumerate(zip(each, self._lines(), strict=True)):
            if bounds is not None:
                known = thinning.bounds(Bounds(_flat(bounds.least), _flat(bounds.most)))
                count = len(thinning.crosslines)
                least[:, row, :count] = self.axis.from_line(geometry, known.least[:, 0])
                most[:, row, :count] = self.axis.from_line(geometry, known.most[:, 0])
        return self._carried(Bounds(least, most))

    def folds(self, each: Sequence[NDArray[np.uint8] | None]) -> NDArray[np.uint8]:
        """Stack the folds of the lines' labels; at crossings they are those of the other line."""
        folds = np.zeros(self.shape, np.uint8)
        for row, (fold_of, thinning) in enumerate(zip(each, self.thinnings, strict=True)):
            if fold_of is not None:
                folds[row, : len(thinning.crosslines)] = thinning.map(fold_of.reshape(1, -1))[0]
        for own, other in self._sides():
            here = folds[own]
            folds[own] = np.where(here == 0, folds[other], here)
        return folds

    def priors(self, number: int, found: Priors, *, labelled: bool) -> Priors:
        """Return what was found on one of the lines.

        Parameters
        ----------
        number : int
        found : Priors
            On the rows.
        labelled : bool
            Whether the line is; if not, surfaces that do not know a fold are of no use.
        """
        folds = found.folds if labelled else {}
        back = {fold: self._back(number, one) for fold, one in folds.items()}
        return Priors(self._back(number, found.whole), back)

    def usual_distance(self, labelled: Sequence[NDArray[np.bool_] | None]) -> float | None:
        """Median distance, in traces, of traces without labels to the nearest label.

        None where there are no labels, or nothing else.
        """
        there, every = np.zeros(self.shape, bool), np.zeros(self.shape, bool)
        for row, (mask, thinning) in enumerate(zip(labelled, self.thinnings, strict=True)):
            every[row, : len(thinning.crosslines)] = True
            if mask is not None:
                there[row, : len(thinning.crosslines)] = mask.reshape(-1)[thinning.crosslines]
        if not there.any() or not (every & ~there).any():
            return None
        stride = np.median(np.diff(self.thinnings[0].crosslines))
        return float(np.median(self.basemap.nearest(there)[0][every & ~there]) * stride)

    def _lines(self) -> list[tuple[Geometry, Thinning]]:
        return list(zip(self.geometries, self.thinnings, strict=True))

    def _sides(self) -> list[tuple[tuple[NDArray[np.intp], ...], tuple[NDArray[np.intp], ...]]]:
        """Traces where lines cross, and those of the other line, both ways."""
        one, other = (tuple(self.basemap.ties[:, side].T) for side in (0, 1))
        return [(one, other), (other, one)]

    def _carried(self, bounds: Bounds) -> Bounds:
        known = np.isfinite(bounds.least) | np.isfinite(bounds.most)
        least, most = bounds.least.copy(), bounds.most.copy()
        for number, its in enumerate(known):
            for own, other in self._sides():
                new = its[other] & ~its[own]
                said = bounds.least[number][other], bounds.most[number][other]
                least[number][own] = np.where(new, said[0] - MISTIE, least[number][own])
                most[number][own] = np.where(new, said[1] + MISTIE, most[number][own])
        return Bounds(least, most)

    def _back(self, number: int, found: Surfaces) -> Surfaces:
        geometry, thinning = self.geometries[number], self.thinnings[number]
        count = len(thinning.crosslines)
        samples, spread = (
            thinning.back(grids[:, number : number + 1, :count]).reshape(-1, *geometry.shape[:2])
            for grids in (found.samples, found.spread)
        )
        samples = self.axis.to_line(geometry, samples).astype(np.float32)
        return Surfaces(samples, (self.axis.scale(geometry) * spread).astype(np.float32))


def _places(geometries: Sequence[Geometry], kept: Sequence[NDArray[np.intp]]) -> list[Place]:
    """Where the kept traces of lines lie around their middle, in usual distances between them."""
    lines = [Place(Place.of(one).at[traces]) for one, traces in zip(geometries, kept, strict=True)]
    unit = float(np.median([line.spacing for line in lines]))
    middle = np.concatenate([line.at for line in lines]).mean(axis=0)
    return [Place((line.at - middle) / unit) for line in lines]


def _longer(at: Grid, count: int) -> Grid:
    """Go on straight beyond the end of a line."""
    step = at[-1] - at[-2] if len(at) > 1 else np.zeros(2)
    more = at[-1] + np.arange(1, count - len(at) + 1)[:, None] * step
    return np.concatenate([at, more])


def _resampled(traces: NDArray[np.float32], at: NDArray[np.floating]) -> NDArray[np.float32]:
    """Read traces between samples; zero beyond their ends."""
    last = traces.shape[1] - 1
    low = np.clip(np.floor(at), 0, max(last - 1, 0)).astype(np.intp)
    share = np.asarray(at - low, np.float32)
    between = traces[:, low] + share * (traces[:, np.minimum(low + 1, last)] - traces[:, low])
    inside = (at > -0.5) & (at < last + 0.5)
    return np.where(inside, between, np.float32(0))


def _flat(limits: NDArray[np.float64]) -> NDArray[np.float64]:
    return limits.reshape(len(limits), 1, -1)
