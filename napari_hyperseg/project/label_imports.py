"""An import of labels, step by step: examined, its classes added, written, remembered.

Owns what an import changes besides the labels: the legend, and the horizon files that the
project remembers.  Files are examined to the end before anything is changed; labels are
written by `stamping.apply`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.stamps import Stamp, Tally, Told, tally, unheard, where_unlabelled
from napari_hyperseg.project.label_plans import LabelPlan, Target
from napari_hyperseg.project.stamping import apply

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.geometry import Geometry


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


def target_of(project: Project, key: str, geometry: Geometry | None = None) -> Target:
    """Say what there is to label: the geometry of a survey, and the project's legend."""
    legend = project.legend
    untouched = legend == Legend.default(legend.n_classes) and not project.model_ids()
    named = not untouched or _holds_labels(project)
    return Target(geometry or project.open_survey(key).geometry, legend, named)


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
        why = " ".join(plan.notes[-1:])
        raise LabelError(
            f"Nothing to label: no trace on the chosen lines has labels in the files. {why}".strip()
        )
    return Examined(plan, keep, found, plan.legend.grown_to(max(found.voxels)))


def write(project: Project, key: str, examined: Examined, told: Told = unheard) -> None:
    """Write the labels of an import, all or none; the legend must have its classes already."""
    stamps = _stamps(project, key, examined.plan, examined.keep, told)
    apply(project, key, stamps, examined.plan.words)


def remember(project: Project, key: str, plan: LabelPlan) -> None:
    """Let the project remember which horizons bound its classes, where the plan says so."""
    if plan.boundaries:
        project.put(replace(project.entry(key), boundaries=dict(plan.boundaries)))


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
