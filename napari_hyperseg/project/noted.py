"""The parts of a project's record that are edited like labels: undone, redone, looked back at.

Owns how each part is said in JSON and taken over again, checked as when the project is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def take_last(project: Project, key: str, notes: Sequence[Note]) -> None:
    """Bring the record to what it is after several notes, wherever between them it stands.

    A part that is as none of them says was changed by somebody else since, and stays.
    """
    for part in {note.target for note in notes}:
        own = [note for note in notes if note.target == part]
        states = [_sensible(part, state) for note in own for state in (note.before, note.after)]
        now = _sensible(part, note_of(project, key, part))
        if now in states and states[-1] not in (None, now):
            take_note(project, key, own[-1])


def _sensible(part: str, said: Any) -> Legend | tuple[HorizonEntry, ...] | None:
    """Return what JSON says of a part of the record; None if it makes no sense."""
    try:
        return Legend.from_json(said) if part == LEGEND else _horizons(said)
    except LabelError:
        return None


def _horizons(said: Any) -> tuple[HorizonEntry, ...]:
    try:
        return tuple(HorizonEntry(**dict(one)) for one in _Records.validate_python(said))
    except ValidationError as error:
        raise LabelError("A revision of the horizons is damaged; it is left out.") from error


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
