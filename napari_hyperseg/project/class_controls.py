"""What can be done with a class of the legend, and why not: pure functions, and one count.

Owns every button's state in the panel of the classes; the panel only copies it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.controls import NO_SURVEY_OPEN, read_only_text
from napari_hyperseg.project.session import Phase, Session

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

FEWEST_CLASSES, MOST_CLASSES = 2, 255
CHOOSE = "Choose a class first."
REMOVE_TIP = "Remove the class that was added last; only as long as nothing is labelled with it"


@dataclass(frozen=True)
class ClassControls:
    """What can be pressed for the chosen class.

    Parameters
    ----------
    change : bool
        Whether the legend may be changed at all.
    add, remove, up, down, chosen : bool
        Whether a class can be added, the chosen one removed or moved, and whether there is one
        to rename, colour, hide and lock.
    why_not : str
        Why nothing can be changed; empty if it can.
    remove_tip : str
        What Remove does, or why it cannot be pressed.
    """

    change: bool = False
    add: bool = False
    remove: bool = False
    up: bool = False
    down: bool = False
    chosen: bool = False
    why_not: str = ""
    remove_tip: str = REMOVE_TIP


def class_controls(session: Session, legend: Legend, code: int | None) -> ClassControls:
    """Return what can be done in a session with the class of this code; None: none is chosen."""
    why_not = NO_SURVEY_OPEN if session.phase is Phase.EMPTY else read_only_text(session)
    if why_not:
        return ClassControls(why_not=why_not, remove_tip=why_not)
    add = legend.n_classes < MOST_CLASSES
    if code not in legend.codes:
        return ClassControls(change=True, add=add, remove_tip=CHOOSE)
    place, kept = legend.codes.index(code), why_kept(session, legend, code)
    return ClassControls(
        change=True,
        add=add,
        remove=not kept,
        up=place > 0,
        down=place < legend.n_classes - 1,
        chosen=True,
        remove_tip=kept or REMOVE_TIP,
    )


def why_kept(session: Session, legend: Legend, code: int) -> str:
    """Return why a class cannot be removed, as far as the survey on screen tells; "" if it can.

    Codes stay 1 to n, and a class keeps its own for life: labels, models and predictions are
    known by it.  So the only class that can go is the last one, and only while it is unused.
    """
    name, last = legend[code].name, legend[legend.n_classes].name
    if session.phase.running:
        return "A job is running: stop it before a class is removed."
    if legend.n_classes <= FEWEST_CLASSES:
        return f"A legend has at least {FEWEST_CLASSES} classes. Rename {name} instead."
    if code < legend.n_classes:
        return (
            f"{name} cannot be removed: only the class that was added last can, {last}. "
            "Rename or hide it instead."
        )
    if session.labelled is None:
        return "The labels are being counted."
    voxels = dict(session.labelled).get(code, 0)
    return f"{name} is labelled ({_voxels(voxels)}): erase that first." if voxels else ""


def check_unused(project: Project, code: int) -> None:
    """Make sure that no survey of a project carries labels of a class.

    Raises
    ------
    LabelError
        If one does, or its labels cannot be read.
    """
    for key in project.surveys:
        if not project.labels_path(key).exists():
            continue
        voxels = project.labels(key, writable=False).counts().get(code, 0)
        if voxels:
            name = project.legend[code].name
            raise LabelError(
                f"{name} is labelled in survey {key} ({_voxels(voxels)}): erase that first."
            )


def _voxels(number: int) -> str:
    return f"{number:,} voxel{'s' if number > 1 else ''}"
