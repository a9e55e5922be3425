"""Labels from files into a project: horizons, facies volumes and wells, on chosen lines.

Owns what an import changes besides the labels: the legend, and the horizon files that the
project remembers.  Files are examined to the end before anything is changed, and labels are
written by `stamping.apply`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.stamps import Stamp, Tally, Told, tally, unheard, where_unlabelled
from napari_hyperseg.labels.wells.content import WellChoice
from napari_hyperseg.labels.wells.discs import Radius
from napari_hyperseg.project.label_plans import (
    FaciesSource,
    HorizonSource,
    LabelPlan,
    LabelSource,
    Target,
)
from napari_hyperseg.project.line_choice import LineChoice
from napari_hyperseg.project.stamping import apply
from napari_hyperseg.project.well_plans import WellSource

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project


@dataclass(frozen=True, eq=False)
class Examined:
    """An import whose files were read to the end, so that it can be carried out.

    Parameters
    ----------
    plan : LabelPlan
        What it does.
    keep : bool
        Whether labels that are there stay.
    tally : Tally
        How much it labels.
    legend : Legend
        The project's, once it is done.
    """

    plan: LabelPlan
    keep: bool
    tally: Tally
    legend: Legend

    @property
    def classes(self) -> tuple[tuple[int, str, int], ...]:
        """Code, name and number of voxels of the classes that occur, by code."""
        voxels = self.tally.voxels.items()
        return tuple((code, self.legend[code].name, number) for code, number in voxels)


@dataclass(frozen=True)
class Labelled:
    """What a labelling did.

    Parameters
    ----------
    voxels, traces : int
        How many of them were labelled.
    classes : tuple of str
        Names of the classes that occur, by code.
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
        Its legend gets a class per interval.
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


def target_of(project: Project, key: str) -> Target:
    """Say what there is to label: the survey's geometry, and the project's legend."""
    legend = project.legend
    named = legend != Legend.default(legend.n_classes) or _holds_labels(project)
    return Target(project.open_survey(key).geometry, legend, named)


def examine(
    project: Project, key: str, plan: LabelPlan, *, keep: bool = False, told: Told = unheard
) -> Examined:
    """Read what a plan needs to the end, and count what it labels; nothing is changed.

    Raises
    ------
    LabelError
        If the files hold something else, or there is nothing to label.
    """
    grid = project.entry(key).shape[:2]
    found = tally(_stamps(project, key, plan, keep, told), grid)
    if not found.traces and keep and tally(plan.stamps(unheard), grid).traces:
        raise LabelError("Nothing to label: all that the files label has labels already.")
    if not found.traces:
        raise LabelError("Nothing to label: no trace on the chosen lines has labels in the files.")
    return Examined(plan, keep, found, plan.legend.grown_to(max(found.voxels)))


def write(project: Project, key: str, examined: Examined, told: Told = unheard) -> None:
    """Write the labels of an import, all or none; the legend must have its classes already."""
    stamps = _stamps(project, key, examined.plan, examined.keep, told)
    apply(project, key, stamps, examined.plan.words)


def remember(project: Project, key: str, plan: LabelPlan) -> None:
    """Let the project remember which horizons bound its classes, where the plan says so."""
    if plan.boundaries:
        project.put(replace(project.entry(key), boundaries=dict(plan.boundaries)))


def _label(
    project: Project,
    key: str,
    source: LabelSource,
    target: Target,
    lines: LineChoice,
    *,
    keep: bool,
) -> Labelled:
    """Save the legend first: labels without a class would be worse than a class too many."""
    plan = source.plan(target, lines.traces(target.geometry))
    examined = examine(project, key, plan, keep=keep)
    if examined.legend != project.legend:
        project.legend = examined.legend
        project.save()
    write(project, key, examined)
    remember(project, key, plan)
    found = examined.tally
    names = tuple(name for _, name, _ in examined.classes)
    return Labelled(found.total, found.traces, names, examined.classes, plan.found, plan.notes)


def _stamps(project: Project, key: str, plan: LabelPlan, keep: bool, told: Told) -> Iterator[Stamp]:
    stamps = plan.stamps(told)
    if keep:
        return where_unlabelled(stamps, project.labels(key, writable=False).codes)
    return stamps


def _holds_labels(project: Project) -> bool:
    """Say whether any survey of the project has labels, without making files for them."""
    return any(
        project.labels(key, writable=False).any()
        for key in project.surveys
        if project.labels_path(key).exists()
    )
