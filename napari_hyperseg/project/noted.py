"""The parts of a project's record that are edited like labels: undone, redone, looked back at.

Owns how each part is said in JSON and taken over again, checked as when the project is opened.
"""

from __future__ import annotations

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
        try:
            records = _Records.validate_python(note.after)
        except ValidationError as error:
            raise LabelError("A revision of the horizons is damaged; it is left out.") from error
        horizons = tuple(HorizonEntry(**dict(record)) for record in records)
        project.put(replace(project.entry(key), horizons=horizons))
