"""An import as one edit: made in pieces, in any thread, then kept as a whole or taken back.

While it lasts nobody else can edit the survey.  Knows not where the labels come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.editing.gesture import Gesture
from napari_hyperseg.labels.editing.patch import Note, reversed_changes
from napari_hyperseg.project.editing import editing
from napari_hyperseg.project.interpretation import FACIES, Interpretation
from napari_hyperseg.project.noted import note_of

if TYPE_CHECKING:
    from napari_hyperseg.labels.stamps import Stamp
    from napari_hyperseg.project.folder import Project


class ImportEdit:
    """Labels on their way into a survey; begins with the object.

    `put` may be called in a thread; the rest belongs to who owns the interpretation.

    Parameters
    ----------
    interpretation : Interpretation
    words : str
        What this is, such as "wells of tops.csv".

    Raises
    ------
    LabelError
        If nothing can be changed, or another import is being made.
    """

    def __init__(self, interpretation: Interpretation, words: str) -> None:
        interpretation.occupy("Labels are being imported: wait until they are there.")
        self._interpretation = interpretation
        self._gesture = Gesture("Import", words)

    @property
    def labels(self) -> NDArray[np.uint8]:
        """The survey's facies codes as they are now."""
        return self._interpretation.values(FACIES)

    def note(self, part: str, change: Callable[[], None]) -> None:
        """Change a part of the project's record; see `Interpretation.note`."""
        project, key = self._interpretation.project, self._interpretation.key
        before = note_of(project, key, part)
        change()
        after = note_of(project, key, part)
        if after != before:
            self._gesture.noted(Note(part, before, after))

    def put(self, stamps: Iterable[Stamp]) -> None:
        """Write stamps, one after the other; each before the next is asked for.

        Locked classes are not overwritten.
        """
        array = self._interpretation.array(FACIES)
        locked = list(self._interpretation.facies.locked())
        for stamp in stamps:
            there = array.values[stamp.box]
            before = np.array(there)
            where = stamp.where & ~np.isin(before, locked) if locked else stamp.where
            np.copyto(there, stamp.codes, where=where)
            box = tuple((one.start, one.stop) for one in stamp.box)
            self._gesture.wrote(FACIES, array, box, before)

    def keep(self) -> None:
        """Make what was put an edit: from now on it is never lost."""
        changes = self._gesture.changes()
        self._interpretation.vacate()
        self._interpretation.commit(self._gesture.tool, self._gesture.words, changes)

    def give_up(self) -> None:
        """Take back what was put."""
        changes = reversed_changes(self._gesture.changes())
        self._interpretation.vacate()
        self._interpretation.restore(changes)


@contextmanager
def import_edit(project: Project, key: str, words: str) -> Iterator[ImportEdit]:
    """Make an import for the length of a block; if it raises, everything is as before.

    Raises
    ------
    ProjectError
        If another window or command may change the project.
    LabelError
        If the labels cannot be opened.
    """
    with editing(project, key, "hyperseg label") as interpretation:
        edit = ImportEdit(interpretation, words)
        try:
            yield edit
        except BaseException:
            edit.give_up()
            raise
        edit.keep()
