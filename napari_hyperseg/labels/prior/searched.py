"""What surfaces are looked for in: traces, where they lie, and what was found in them before."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from napari_hyperseg.labels.prior.basemap import CUBE, Basemap
from napari_hyperseg.labels.prior.dips import Dips
from napari_hyperseg.labels.prior.memo import Memo
from napari_hyperseg.labels.tracking.traces import Volume


@dataclass(frozen=True, eq=False)
class Searched:
    """Traces that are searched again and again.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    basemap : Basemap
        Where the traces lie.
    memo : Memo
        Of former searches.
    """

    volume: Volume
    basemap: Basemap = CUBE
    memo: Memo = field(default_factory=Memo)

    @cached_property
    def dips(self) -> Dips:
        """Of its reflectors, along the axes on which traces are neighbours."""
        return Dips(self.volume, self.basemap.axes)
