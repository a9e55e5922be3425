"""The surfaces between layered classes, one after the other, each guided by those found before.

All are looked for on their own first: from thin plates, which hold where faults part the picks,
and from tracks, which hold far from them.  The surest one then guides its neighbours, and these
guide theirs, by the thickness between them; in a second round every surface is guided from both
sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.prior.basemap import Grid
from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.gridding import misfit, plate_within, thin_plate
from napari_hyperseg.labels.prior.likeness import references
from napari_hyperseg.labels.prior.searched import Searched
from napari_hyperseg.labels.prior.surfaces import Surface, bent_surface, mixed
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.volume import track_volume

WINDOW = 12  # samples of a waveform on either side
PULL = 0.045  # cost of a departure as large as guides miss picks by that they do not know
LEAST_MISFIT, USUAL_MISFIT = 0.5, 3.0  # samples
LEAST_SURE = 0.03


class Search:
    """Surfaces within bounds.

    Parameters
    ----------
    searched : Searched
        What they are looked for in.
    bounds : Bounds
        Shape (n, n_inlines, n_crosslines), from top to bottom.
    parts : ndarray of uint8, shape (n_inlines, n_crosslines)
        Which picks belong together; see `references`.

    Attributes
    ----------
    searched, bounds, parts
        As given.
    samples, sure : ndarray of float32, shape (n, n_inlines, n_crosslines)
        What was found so far, NaN where nothing was, and how sure it is, 0 to 1.
    """

    def __init__(self, searched: Searched, bounds: Bounds, parts: NDArray[np.uint8]) -> None:
        self.searched, self.bounds, self.parts = searched, bounds, parts
        self._volume, self._basemap = searched.volume, searched.basemap
        self.samples = np.full(bounds.least.shape, np.nan, np.float32)
        self.sure = np.zeros(bounds.least.shape, np.float32)
        self._references: dict[int, NDArray[np.float32]] = {}
        self._picked = np.flatnonzero(np.isfinite(bounds.picks).any(axis=(1, 2))).tolist()

    def roughly(self) -> Iterator[None]:
        """Find every surface from a thin plate, the quickest way."""
        for number in self._picked:
            self._keep(number, self._bent(number, self._plate(self.bounds[number])))
            yield

    def without(self, fold: int) -> Self:
        """A search that knows nothing of a part."""
        return type(self)(self.searched, self.bounds.without(self.parts == fold), self.parts)

    def moved(self, former: Search) -> Iterator[None]:
        """Begin with what was found within other bounds; move what is beyond these."""
        self.samples[:], self.sure[:] = former.samples, former.sure
        for number in self._picked:
            if self.bounds[number].differs(former.bounds[number]):
                before = self.samples[number].astype(np.float64)
                if np.isnan(before).any():
                    before = self._plate(self.bounds[number])
                guide = before + self._plate(self.bounds[number].below(before))
                self._keep(number, self._bent(number, guide, PULL))
                yield

    def alone(self, only: int | None = None) -> Iterator[None]:
        """Find every surface on its own, or only one, if that is picked."""
        for number in [only] if only in self._picked else self._picked:
            self._find_alone(number)
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

    def _find_alone(self, number: int) -> None:
        """Start from a thin plate, and from a track; then from the better of both everywhere."""
        plate = self._bent(number, self._plate(self.bounds[number]))
        track = self._bent(number, self._tracked(number))
        waves, nowhere = self._waves(number), np.zeros(plate.samples.shape)
        both = (track.samples, plate.samples)
        best = self._bent(number, mixed(self._volume, waves, both, nowhere, 0.0))
        self._keep(number, max(best, track, plate, key=lambda surface: surface.alike))

    def _follow(self, number: int, neighbours: list[int]) -> None:
        """Find a surface from where its neighbours are, and how thick what lies between is."""
        if not neighbours:
            return
        guide, missed = self._guide(number, neighbours)
        pull = PULL / missed
        guided = self._bent(number, guide, pull)
        former = self.samples[number].astype(np.float64)
        if np.isfinite(former).all():
            both = (former, guided.samples)
            better = mixed(self._volume, self._waves(number), both, guide, pull)
            guided = self._bent(number, better, pull)
        self._keep(number, guided)

    def _guide(self, number: int, neighbours: list[int]) -> tuple[Grid, float]:
        """Where a surface should be, going by its neighbours, and how far off that usually is."""
        guides, weights, misfits = [], [], []
        for neighbour in neighbours:
            other = self.samples[neighbour].astype(np.float64)
            between = self.bounds[number].below(other)
            missed = misfit(between.picks, self.parts)
            misfits.append(USUAL_MISFIT if np.isnan(missed) else max(missed, LEAST_MISFIT))
            guides.append(other + self._plate(between))
            weights.append(np.square(self.sure[neighbour] + LEAST_SURE) / misfits[-1] ** 2)
        guide = np.sum([w * g for w, g in zip(weights, guides, strict=True)], axis=0)
        return guide / np.sum(weights, axis=0), min(misfits)

    def _waves(self, number: int) -> NDArray[np.float32]:
        if number not in self._references:
            picks = self.bounds[number].picks
            self._references[number] = references(
                self._volume, picks, self.parts, WINDOW, self._basemap
            )
        return self._references[number]

    def _tracked(self, number: int) -> Grid:
        """Track the picks; where the track ends, a thin plate goes on."""
        options = TrackingOptions(event=Event.NONE, threshold=0.0)
        track = track_volume(self._volume, self.bounds[number].picks, options)
        assert track is not None
        known = np.isfinite(track.samples)
        if known.all():
            return track.samples
        return np.where(known, track.samples, thin_plate(track.samples))

    def _plate(self, bounds: Bounds) -> Grid:
        return plate_within(bounds, self._basemap)

    def _bent(self, number: int, guide: Grid, pull: float = 0.0) -> Surface:
        bounds = self.bounds[number]
        return self.searched.memo.find(
            lambda: bent_surface(
                self._volume, self._waves(number), bounds, guide, pull, self._basemap
            ),
            bounds.least,
            bounds.most,
            self.parts[np.isfinite(bounds.picks)],
            guide,
            np.asarray(pull),
        )

    def _keep(self, number: int, surface: Surface) -> None:
        self.samples[number], self.sure[number] = surface.samples, surface.sure


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
