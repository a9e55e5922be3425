"""The history of a survey's edits: a tree of revisions, kept in the journal.

Owns undo, redo and the way to any other revision; what they change is given back as changes,
for others to apply.  A record that the disk does not take stays in memory and is tried again.
Bounded in memory: of edits that are on the disk only their headers are held.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.editing.journal import Entry, Journal
from napari_hyperseg.labels.editing.patch import Change, Note, Patch, reversed_changes
from napari_hyperseg.labels.editing.tree import Revision, RevisionTree

logger = logging.getLogger(__name__)

EDIT, MOVE, SETTLED = "edit", "move", "settled"
Record = tuple[dict[str, Any], tuple[Change, ...]]


class History:
    """Revisions of one survey.

    Parameters
    ----------
    folder : Path
        Of the journal.

    Attributes
    ----------
    tree : RevisionTree
        The revisions there are.
    fault : str
        Why the last record is not on the disk yet; empty where it is.
    """

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder)
        self._waiting: list[Record] = []
        self.fault = ""
        self._load()

    def unsettled(self) -> list[tuple[Change, ...]]:
        """Return what may not have reached the arrays when the process died.

        To be applied again, in this order: a box that is written twice is as it should be.
        """
        return [changes for start, to in self._steps for changes in self._way(start, to)]

    def add(self, tool: str, words: str, changes: tuple[Change, ...]) -> Revision:
        """Record an edit that follows the present revision."""
        revision = _revision(
            {
                "number": self.tree.next_number,
                "parent": self.tree.position,
                "time": time.time(),
                "tool": tool,
                "words": words,
            },
            changes,
        )
        self.tree.add(revision)
        header = {"kind": EDIT, "number": revision.number, "parent": revision.parent}
        header |= {"time": revision.time, "tool": tool, "words": words}
        self._record(header, changes)
        return revision

    def move(self, to: int) -> list[tuple[Change, ...]]:
        """Go to another revision.

        Returns
        -------
        list of tuple of Change
            What leads there, in order.

        Raises
        ------
        LabelError
            If the way there is no longer kept.
        """
        way = self.way(to)
        self.tree.move(to)
        self._record({"kind": MOVE, "to": to, "time": time.time()}, ())
        return way

    def way(self, to: int, start: int | None = None) -> list[tuple[Change, ...]]:
        """Return what leads to a revision from another one, or the present; go nowhere.

        Raises
        ------
        LabelError
            If the way there is no longer kept.
        """
        return self._way(self.tree.position if start is None else start, to)

    def states(self, part: str) -> list[Any]:
        """Return what a part of the record was before and after every edit that is kept."""
        notes = [note for entry in self._entries.values() for note in entry.header["notes"]]
        return [state for name, before, after in notes if name == part for state in (before, after)]

    def retry(self) -> bool:
        """Write what the disk did not take before; True where nothing is left."""
        while self._waiting:
            header, changes = self._waiting[0]
            try:
                entry = self._journal.append(header, changes)
            except OSError as error:
                self.fault = error.strerror or str(error)
                return False
            self._waiting.pop(0)
            if header["kind"] == EDIT:
                self._entries[header["number"]] = entry
        self.fault = ""
        return True

    def settle(self) -> None:
        """Note that the arrays on the disk are as the journal says, up to here."""
        if not self._waiting:
            self._journal.append({"kind": SETTLED})

    def sync(self) -> None:
        """Wait until the disk has every record."""
        self._journal.sync()

    def shorten(self) -> None:
        """Forget the oldest revisions where there are too many bytes of them.

        Not while any of them may be needed for the arrays to catch up.
        """
        if not self._steps and self._journal.shorten():
            self.tree = RevisionTree()
            self._entries.clear()
            self._load()

    def _record(self, header: dict[str, Any], changes: tuple[Change, ...]) -> None:
        self._waiting.append((header, changes))
        if not self.retry():
            logger.warning("An edit could not be written yet: %s", self.fault)

    def _way(self, start: int, to: int) -> list[tuple[Change, ...]]:
        path = self.tree.path(start, to)
        if path is None:
            raise LabelError("That revision is no longer kept.")
        return [self._step(number, forth) for number, forth in path]

    def _step(self, number: int, forth: bool) -> tuple[Change, ...]:
        changes = self._changes(number)
        return changes if forth else reversed_changes(changes)

    def _changes(self, number: int) -> tuple[Change, ...]:
        """Return an edit's changes, from the disk or, if it is not there yet, from memory."""
        if number in self._entries:
            return self._journal.changes(self._entries[number])
        for header, changes in self._waiting:
            if header["kind"] == EDIT and header["number"] == number:
                return changes
        raise LabelError("That revision is no longer kept.")

    def _load(self) -> None:
        """Read the journal; records that make no sense end what can be undone."""
        self.tree = RevisionTree()
        self._entries: dict[int, Entry] = {}
        self._steps: list[tuple[int, int]] = []  # since the arrays were last settled
        for entry in self._journal.entries():
            header, start = entry.header, self.tree.position
            if header["kind"] == EDIT and _is_edit(header):
                self._entries[header["number"]] = entry
                self.tree.add(_revision(header, (), header))
                self._steps.append((header["parent"], header["number"]))
            elif header["kind"] == MOVE and isinstance(header.get("to"), int):
                if self.tree.path(start, header["to"]) is not None:
                    self._steps.append((start, header["to"]))
                self.tree.move(header["to"])  # also where the way there is no longer kept
            elif header["kind"] == SETTLED:
                self._steps.clear()


def _revision(
    fields: dict[str, Any], changes: tuple[Change, ...], header: dict[str, Any] | None = None
) -> Revision:
    """Return a revision with what it touches, told by its changes or by its record's header."""
    boxes = [(one.target, one.box) for one in changes if isinstance(one, Patch)]
    notes = [one.target for one in changes if isinstance(one, Note)]
    if header is not None:
        boxes = [
            (target, tuple((at, at + n) for at, n in zip(start, shape, strict=True)))
            for target, start, shape, *_ in header["patches"]
        ]
        notes = [note[0] for note in header["notes"]]
    named = {name: fields[name] for name in ("number", "parent", "time", "tool", "words")}
    return Revision(**named, boxes=tuple(boxes), notes=tuple(notes))


def _is_edit(header: dict[str, Any]) -> bool:
    kinds = {"number": int, "parent": int, "time": float, "tool": str, "words": str}
    return all(isinstance(header.get(name), kind) for name, kind in kinds.items())
