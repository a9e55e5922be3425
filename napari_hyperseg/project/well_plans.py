"""What wells would label in a survey; see `label_plans`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from napari_hyperseg.labels.stamps import Stamp, Told
from napari_hyperseg.labels.wells.classes import legend_of_wells
from napari_hyperseg.labels.wells.content import WellChoice, WellFile
from napari_hyperseg.labels.wells.discs import Radius, default_radius
from napari_hyperseg.labels.wells.reading import read_wells
from napari_hyperseg.labels.wells.stamping import StampedWells, well_stamps
from napari_hyperseg.project.label_plans import LabelPlan, Target, Traces
from napari_hyperseg.survey.geometry import Geometry


@dataclass(frozen=True, eq=False)
class WellSource:
    """Wells of a CSV file."""

    path: Path
    file: WellFile
    radius: Radius | None = None

    @classmethod
    def read(
        cls,
        path: Path,
        geometry: Geometry,
        choice: WellChoice | None = None,
        radius: Radius | None = None,
    ) -> WellSource:
        """Read the file; without a radius it is 50 m, or 3 traces where there is no map.

        Raises
        ------
        WellError
            If it is damaged, or no well can be used.
        """
        return cls(path, read_wells(path, geometry, choice), radius)

    def plan(self, target: Target, traces: Traces) -> LabelPlan:
        """Say what discs around the wells label on these traces.

        Raises
        ------
        WellError
            If the radius cannot be used, or there are too many classes.
        """
        legend = legend_of_wells(self.path, self.file.classes, target.legend, named=target.named)
        radius = self.radius or default_radius(target.geometry)
        stamped = well_stamps(self.file.wells, target.geometry, legend, radius, traces)
        return LabelPlan(
            words=f"wells of {self.path.name}",
            legend=legend,
            stamps=lambda told: _told(stamped.stamps, told),
            found=_found(stamped, self.file.n_wells, radius),
            notes=(*self.file.notes, *stamped.left_out),
        )


def _told(stamps: Sequence[Stamp], told: Told) -> Iterator[Stamp]:
    for done, stamp in enumerate(stamps):
        told(done, len(stamps))
        yield stamp
    told(len(stamps), len(stamps))


def _found(stamped: StampedWells, n_wells: int, radius: Radius) -> str:
    of = f" of {n_wells}" if n_wells > len(stamped.wells) else ""
    plural = "s" if n_wells != 1 else ""
    return f"{len(stamped.wells)}{of} well{plural}, radius {radius}"
