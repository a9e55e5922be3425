"""What files would label in a survey, before anything is written.

Each kind of file is a source: it is read once, and then makes a `LabelPlan` as often as other
lines are chosen.  Knows no project: what there is of it comes as a `Target`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.facies_file import FaciesVolume, open_facies
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.order import Order
from napari_hyperseg.labels.stamps import Stamp, Told, section_stamps
from napari_hyperseg.labels.targets import Grid, interval_sections, top_to_bottom
from napari_hyperseg.project.training_horizons import legend_of_intervals
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file

Traces = NDArray[np.bool_]
Sections = Iterable[tuple[int, NDArray[np.uint8]]]


@dataclass(frozen=True, eq=False)
class Target:
    """What is to be labelled.

    Parameters
    ----------
    geometry : Geometry
        The survey's.
    legend : Legend
        The project's.
    named : bool
        Whether somebody gave the classes their names, labelled with them, or trained a model.
    """

    geometry: Geometry
    legend: Legend
    named: bool = False


@dataclass(frozen=True, eq=False)
class LabelPlan:
    """What an import would do.

    Parameters
    ----------
    words : str
        What it is, such as "facies of f3.npy".
    legend : Legend
        The project's afterwards, but for codes of a facies volume; classes that somebody
        named keep codes and names.
    stamps : callable
        Gives the labels, anew with each call and telling how far it is; they do not overlap.
        It raises `LabelError` where a file turns out to hold something else.
    found : str
        What is in the files, such as "3 wells".
    notes : tuple of str
        What is not sure, or left out and why; a line each.
    boundaries : mapping of str to Path
        Horizon files that bound the classes, from top to bottom.
    order : tuple of int
        Codes of the classes between them, likewise.
    """

    words: str
    legend: Legend
    stamps: Callable[[Told], Iterator[Stamp]]
    found: str
    notes: tuple[str, ...] = ()
    boundaries: Mapping[str, Path] = field(default_factory=dict)
    order: Order = ()


class LabelSource(Protocol):
    """Files that were read, and can be planned with."""

    def plan(self, target: Target, traces: Traces) -> LabelPlan:
        """Say what they label on these traces, shape (n_inlines, n_crosslines)."""


@dataclass(frozen=True, eq=False)
class FaciesSource:
    """A facies volume; its zeros label nothing."""

    volume: FaciesVolume

    @classmethod
    def read(cls, file: Path, geometry: Geometry) -> FaciesSource:
        """Open the file.

        Raises
        ------
        LabelError, SurveyError
            If it does not fit the survey.
        """
        return cls(open_facies(file, geometry))

    def plan(self, target: Target, traces: Traces) -> LabelPlan:
        """Say what it labels on these traces, which are not read yet."""
        volume = self.volume
        inlines = np.flatnonzero(traces.any(axis=1)).tolist()
        return LabelPlan(
            words=f"facies of {volume.path.name}",
            legend=target.legend,
            stamps=lambda told: section_stamps(
                _counted(volume.sections(traces), len(inlines), told), traces
            ),
            found="a facies volume",
            notes=volume.notes,
        )


@dataclass(frozen=True, eq=False)
class HorizonSource:
    """Horizons, between which the intervals are classes."""

    files: Mapping[str, Path]
    grids: Mapping[str, Grid]
    notes: tuple[str, ...]

    @classmethod
    def read(cls, files: Mapping[str, Path], geometry: Geometry) -> HorizonSource:
        """Read horizon files, in any order, and sort them from top to bottom.

        Raises
        ------
        HorizonError, LabelError
            If a file cannot be read, or the horizons cross.
        """
        read = {name: read_horizon_file(path, geometry) for name, path in files.items()}
        names = top_to_bottom({name: picks.values for name, picks in read.items()})
        notes = tuple(f"{name}: {line}" for name in names for line in read[name].warnings)
        return cls(
            {name: files[name].absolute() for name in names},
            {name: read[name].values for name in names},
            notes,
        )

    def plan(self, target: Target, traces: Traces) -> LabelPlan:
        """Say what the intervals label on these traces."""
        geometry, names = target.geometry, list(self.grids)
        grids = [np.where(traces, grid, np.nan) for grid in self.grids.values()]
        legend = legend_of_intervals(target.legend, names)
        order = legend.codes[: len(names) + 1]
        return LabelPlan(
            words=f"intervals between {', '.join(names)}",
            legend=legend,
            stamps=lambda told: section_stamps(
                _counted(interval_sections(grids, geometry, order), len(traces), told), traces
            ),
            found="a horizon" if len(names) == 1 else f"{len(names)} horizons",
            notes=self.notes,
            boundaries=self.files,
            order=order,
        )


def _counted(sections: Sections, total: int, told: Told) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Tell how many sections are done."""
    for done, section in enumerate(sections):
        told(done, total)
        yield section
    told(total, total)
