"""The parts of a project's record that are edited like labels: undone, redone, looked back at.

Owns how each part is said in JSON and taken over again, checked as when the project is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.editing.patch import Note
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.entries import HorizonEntry
from napari_hyperseg.project.record import HorizonRecord

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

LEGEND, HORIZONS = "legend", "horizons"
PARTS = (LEGEND, HORIZONS)
_Records = TypeAdapter(tuple[HorizonRecord, ...])


def note_of(project: Project, key: str, part: str) -> Any:
    """Return a part of the record as JSON says it: the legend, or the horizons of a survey."""
    if part == LEGEND:
        return project.legend.to_json()
    return [asdict(horizon) for horizon in project.entry(key).horizons]


def take_note(project: Project, key: str, note: Note) -> None:
    """Make a part of the record what it is after a note, and save the project.

    Raises
    ------
    LabelError
        If the note makes no sense.
    ProjectError
        If the project cannot be saved.
    """
    if note.target == LEGEND:
        project.legend = Legend.from_json(note.after)
        project.save()
    elif note.target == HORIZONS:
        project.put(replace(project.entry(key), horizons=_horizons(note.after)))


def record_with(project: Project, key: str, notes: Mapping[str, Any], reason: str) -> Project:
    """Return a project with other parts of its record, to be looked at; nothing is saved.

    Parameters
    ----------
    project : Project
        Stays as it is.
    key : str
        Which survey's horizons are meant.
    notes : mapping of str to JSON
        What some of `PARTS` are.
    reason : str
        Why the result cannot be saved.

    Raises
    ------
    LabelError
        If a note makes no sense.
    """
    other = copy(project)
    other.surveys, other.settings = dict(project.surveys), dict(project.settings)
    other.read_only = reason
    if LEGEND in notes:
        other.legend = Legend.from_json(notes[LEGEND])
    if HORIZONS in notes:
        horizons = _horizons(notes[HORIZONS])
        other.surveys[key] = replace(project.entry(key), horizons=horizons)
    return other


def _horizons(content: Any) -> tuple[HorizonEntry, ...]:
    try:
        records = _Records.validate_python(content)
    except ValidationError as error:
        raise LabelError("A revision of the horizons is damaged; it is left out.") from error
    return tuple(HorizonEntry(**dict(record)) for record in records)
