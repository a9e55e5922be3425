"""The surfaces between layered classes on 2D lines: along the dip of reflectors, then by waveforms.

Lines are far apart on the map: what is smooth between them is no guide, but reflectors lead along
each line, and from line to line where they cross.
"""

from __future__ import annotations

from collections.abc import Iterator

from napari_hyperseg.labels.prior.basemap import Grid
from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.flattening import follow_dips
from napari_hyperseg.labels.prior.gridding import thin_plate, within
from napari_hyperseg.labels.prior.search import Search

PULL = 0.03  # cost of a departure of a sample from where dips lead


class LinesSearch(Search):
    """Surfaces within bounds, on 2D lines.

    See `Search`; each line is a row of the volume.
    """

    def roughly(self) -> Iterator[None]:
        """Find every surface; there is no quicker way."""
        yield from self.alone()

    def alone(self, only: int | None = None) -> Iterator[None]:
        """Find every surface: none is a guide to another."""
        for number in self._picked:
            self._keep(number, self._bent(number, self._led(self.bounds[number]), PULL))
            yield

    def together(self) -> Iterator[None]:
        """Find nothing anew."""
        yield from ()

    def _led(self, bounds: Bounds) -> Grid:
        """Where reflectors lead from the picks."""

        def through(picks: Grid) -> Grid:
            plate = thin_plate(picks, self._basemap)
            return follow_dips(self.searched.dips, picks, plate, self._basemap.ties)

        return within(bounds, through)
