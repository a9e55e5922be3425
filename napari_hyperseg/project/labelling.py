"""Labels from files into a project: horizons, facies volumes and wells, on chosen lines.

Owns what is done for each kind of file, from reading it to the figures that are told; a window
takes the same steps of `label_imports` one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from napari_hyperseg.labels.wells.content import WellChoice
from napari_hyperseg.labels.wells.discs import Radius
from napari_hyperseg.project.import_edit import import_edit
from napari_hyperseg.project.label_imports import carry_out, examine, remember, target_of
from napari_hyperseg.project.label_plans import (
    FaciesSource,
    HorizonSource,
    LabelSource,
    Target,
)
from napari_hyperseg.project.line_choice import LineChoice
from napari_hyperseg.project.well_plans import WellSource

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project


@dataclass(frozen=True)
class Labelled:
    """What a labelling did.

    Parameters
    ----------
    voxels, traces : int
        How many of them were labelled.
    classes : tuple of str
        Names of the classes that occur, in the legend's order.
    counts : tuple of (int, str, int)
        Code, name and number of voxels of each.
    found : str
        What was in the files.
    warnings : tuple of str
        What was not sure in the files or left out, a line each.
    """

    voxels: int
    traces: int
    classes: tuple[str, ...]
    counts: tuple[tuple[int, str, int], ...] = ()
    found: str = ""
    warnings: tuple[str, ...] = ()


def label_horizons(
    project: Project, key: str, files: Mapping[str, Path], lines: LineChoice, *, keep: bool = False
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
    keep : bool
        Whether labels that are there stay.

    Raises
    ------
    HorizonError, LabelError
        If a file cannot be read, the horizons cross, or no chosen trace has all of them.
    """
    target = target_of(project, key)
    return _label(
        project, key, HorizonSource.read(files, target.geometry), target, lines, keep=keep
    )


def label_facies(
    project: Project, key: str, file: Path, lines: LineChoice, *, keep: bool = False
) -> Labelled:
    """Label with a facies volume; its zeros label nothing.

    Raises
    ------
    LabelError
        If the file does not fit the survey, or has no label on the chosen lines.
    """
    target = target_of(project, key)
    return _label(project, key, FaciesSource.read(file, target.geometry), target, lines, keep=keep)


def label_wells(
    project: Project,
    key: str,
    file: Path,
    lines: LineChoice,
    *,
    radius: Radius | None = None,
    choice: WellChoice | None = None,
    keep: bool = False,
) -> Labelled:
    """Label discs around the wells of a CSV file; see `labels.wells.reading.read_wells`.

    Parameters
    ----------
    project : Project
        Its legend gets the classes that it does not have.
    key : str
        The survey.
    file : Path
        The file.
    lines : LineChoice
        Where to label.
    radius : Radius, optional
        Of the discs; by default 50 m, or 3 traces where the survey has no map coordinates.
    choice : WellChoice, optional
        What the file does not say.
    keep : bool
        Whether labels that are there stay.

    Raises
    ------
    WellError, LabelError
        If the file cannot be used, or none of its wells has a trace on the chosen lines.
    """
    target = target_of(project, key)
    source = WellSource.read(Path(file), target.geometry, choice, radius)
    return _label(project, key, source, target, lines, keep=keep)


def _label(
    project: Project,
    key: str,
    source: LabelSource,
    target: Target,
    lines: LineChoice,
    *,
    keep: bool,
) -> Labelled:
    plan = source.plan(target, lines.traces(target.geometry))
    examined = examine(project, key, plan, keep=keep)
    with import_edit(project, key, plan.words) as edit:
        carry_out(edit, project, examined)
    remember(project, key, plan)
    found = examined.tally
    names = tuple(name for _, name, _ in examined.classes)
    return Labelled(found.total, found.traces, names, examined.classes, plan.found, plan.notes)
