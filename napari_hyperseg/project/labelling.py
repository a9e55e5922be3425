"""Labels from files: horizons and facies volumes, on chosen lines, into a project.

Owns what a labelling changes besides the labels: the legend, and the horizons that the
project remembers.  Labels are added; where they overlap, the later ones win.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.facies_file import read_facies
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.lines import traces_on
from napari_hyperseg.labels.targets import facies_between, top_to_bottom
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.geometry import Geometry


@dataclass(frozen=True)
class LineChoice:
    """Array indices of the lines to label; None and None: every line."""

    inlines: tuple[int, ...] | None = None
    crosslines: tuple[int, ...] | None = None

    def traces(self, geometry: Geometry) -> NDArray[np.bool_]:
        """Return the live traces on the lines, shape (n_inlines, n_crosslines)."""
        if self.inlines is None and self.crosslines is None:
            return geometry.live_mask.copy()
        lines = [np.array(chosen or (), np.intp) for chosen in (self.inlines, self.crosslines)]
        return traces_on((lines[0], lines[1]), geometry.shape[:2]) & geometry.live_mask


@dataclass(frozen=True)
class Labelled:
    """What a labelling did.

    Parameters
    ----------
    voxels, traces : int
        How many of them were labelled.
    classes : tuple of str
        Names of the classes that occur, in the legend's order.
    warnings : tuple of str
        What was not sure in the files, a line each.
    """

    voxels: int
    traces: int
    classes: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def label_horizons(
    project: Project, key: str, files: Mapping[str, Path], lines: LineChoice
) -> Labelled:
    """Label the intervals between horizons, from top to bottom.

    Parameters
    ----------
    project : Project
        Its legend gets a class per interval; in its order, they are the intervals from top to
        bottom.
    key : str
        The survey.
    files : mapping of str to Path
        Horizon files by name, in any order.
    lines : LineChoice
        Where to label.

    Raises
    ------
    HorizonError, LabelError
        If a file cannot be read, the horizons cross, or no chosen trace has all of them.
    """
    geometry = project.open_survey(key).geometry
    read = {name: read_horizon_file(path, geometry) for name, path in files.items()}
    horizons = {name: picks.values for name, picks in read.items()}
    names = top_to_bottom(horizons)
    wanted = lines.traces(geometry)
    legend = _legend_of_intervals(project.legend, names)
    order = legend.codes[: len(names) + 1]
    grids = [np.where(wanted, horizons[name], np.nan) for name in names]
    labelled = _paste(project, key, facies_between(grids, geometry, order), legend)
    remembered = {name: files[name].absolute() for name in names}
    entry = replace(project.entry(key), boundaries=remembered, boundary_codes=order)
    project.surveys[key] = entry
    project.save()
    doubts = tuple(f"{name}: {line}" for name in names for line in read[name].warnings)
    return replace(labelled, warnings=doubts)


def label_facies(project: Project, key: str, file: Path, lines: LineChoice) -> Labelled:
    """Label with a facies volume; its zeros label nothing.

    Raises
    ------
    LabelError
        If the file does not fit the survey, or has no label on the chosen lines.
    """
    geometry = project.open_survey(key).geometry
    codes = read_facies(file, geometry, lines.traces(geometry))
    return _paste(project, key, codes, project.legend.grown_to(int(codes.max(initial=0))))


def _paste(project: Project, key: str, codes: NDArray[np.uint8], legend: Legend) -> Labelled:
    """Save the legend first: labels without a class would be worse than a class too many."""
    counts = _voxels_by_code(codes)
    if not counts[1:].any():
        raise LabelError("Nothing to label: no trace on the chosen lines has labels in the files.")
    if legend != project.legend:
        project.legend = legend
        project.save()
    labels = project.labels(key)
    voxels = labels.paste(codes)
    labels.flush()
    traces = int(codes.any(axis=2).sum())
    return Labelled(voxels, traces, tuple(c.name for c in legend.classes if counts[c.code]))


def _voxels_by_code(codes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Count inline by inline: `bincount` makes a copy of eight bytes a voxel."""
    return np.sum([np.bincount(section.ravel(), minlength=256) for section in codes], axis=0)


def _legend_of_intervals(legend: Legend, horizons: list[str]) -> Legend:
    """Name the classes by their horizons, unless somebody named them already."""
    needed = len(horizons) + 1
    untouched = legend == Legend.default(legend.n_classes)
    if not untouched or legend.n_classes > needed:
        return legend.grown_to(needed)
    between = [f"{upper} to {lower}" for upper, lower in pairwise(horizons)]
    return Legend.named([f"above {horizons[0]}", *between, f"below {horizons[-1]}"])
