"""An import of labels, step by step: examined, its classes added, written, remembered.

Owns what an import changes besides the labels: the legend, and the horizon files that the
project remembers.  Files are examined to the end before anything is changed; labels are
written by an `ImportEdit`, which is one step of undo.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.stamps import Stamp, Tally, Told, tally, unheard, where_unlabelled
from napari_hyperseg.project.import_edit import ImportEdit
from napari_hyperseg.project.label_plans import LabelPlan, Target
from napari_hyperseg.project.noted import LEGEND

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
        """Code, name and number of voxels of the classes that occur, in the legend's order."""
        voxels = self.tally.voxels
        return tuple(
            (c.code, c.name, voxels[c.code]) for c in self.legend.classes if c.code in voxels
        )


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
    labels = project.labels(key, writable=False).codes if keep else np.empty(0, np.uint8)
    found = tally(_stamps(labels, plan, keep, told), grid)
    if not found.traces and keep and tally(plan.stamps(unheard), grid).traces:
        raise LabelError("Nothing to label: all that the files label has labels already.")
    if not found.traces:
        why = " ".join(plan.notes[-1:])
        raise LabelError(
            f"Nothing to label: no trace on the chosen lines has labels in the files. {why}".strip()
        )
    return Examined(plan, keep, found, plan.legend.grown_to(max(found.voxels)))


def carry_out(edit: ImportEdit, project: Project, examined: Examined, told: Told = unheard) -> None:
    """Give the project the classes of an import, then the survey its labels."""
    take_classes(edit, project, examined)
    put_labels(edit, examined, told)


def take_classes(edit: ImportEdit, project: Project, examined: Examined) -> None:
    """Give the project the classes: labels without one would be worse than one too many."""

    def change() -> None:
        project.legend = examined.legend
        project.save()

    if examined.legend != project.legend:
        edit.note(LEGEND, change)


def put_labels(edit: ImportEdit, examined: Examined, told: Told = unheard) -> None:
    """Write the labels of an import; may be done in a thread."""
    edit.put(_stamps(edit.labels, examined.plan, examined.keep, told))


def remember(project: Project, key: str, plan: LabelPlan) -> None:
    """Let the project remember which horizons bound its classes, where the plan says so."""
    if plan.boundaries:
        bounds = {"boundaries": dict(plan.boundaries), "boundary_codes": plan.order}
        project.put(replace(project.entry(key), **bounds))  # type: ignore[arg-type]


def _stamps(labels: NDArray[np.uint8], plan: LabelPlan, keep: bool, told: Told) -> Iterator[Stamp]:
    stamps = plan.stamps(told)
    return where_unlabelled(stamps, labels) if keep else stamps


def _holds_labels(project: Project) -> bool:
    """Say whether any survey of the project has labels, without making files for them."""
    return any(
        project.labels(key, writable=False).any()
        for key in project.surveys
        if project.labels_path(key).exists()
    )
