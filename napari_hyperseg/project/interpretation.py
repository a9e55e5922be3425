"""What the interpreter said of one survey: facies, picks and legend, and every edit of them.

Owns that an edit is in the journal when it ends, that the arrays and the project's record
follow, and that any of it can be taken back.  Who shows labels listens to `edited`, which tells
every change exactly once, whoever made it.  Knows no window.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from napari_hyperseg.errors import HypersegError, LabelError, ProjectError
from napari_hyperseg.labels.editing.editable import EditableArray, slices
from napari_hyperseg.labels.editing.gesture import Gesture
from napari_hyperseg.labels.editing.history import History
from napari_hyperseg.labels.editing.keeper import Keeper
from napari_hyperseg.labels.editing.patch import Box, Change, Note, Patch, reversed_changes
from napari_hyperseg.labels.editing.tree import Revision, RevisionTree
from napari_hyperseg.labels.editing.volume import LabelVolume
from napari_hyperseg.project.leftovers import remove_leftovers
from napari_hyperseg.project.noted import HORIZONS, note_of, take_last, take_note
from napari_hyperseg.project.picks import KINDS, TIMES

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

logger = logging.getLogger(__name__)

FACIES = "facies"


@dataclass(frozen=True)
class Edited:
    """An edit ended, or was undone or done again.

    Parameters
    ----------
    tool : str
        What made it.
    changes : tuple of Change
        What was and what is, in order.
    time_s : float
        When, by `time.monotonic`.
    """

    tool: str
    changes: tuple[Change, ...]
    time_s: float = field(default_factory=time.monotonic)

    def boxes(self, target: str) -> list[Box]:
        """Return the boxes of an array that changed."""
        return [patch.box for patch in self.patches(target)]

    def patches(self, target: str) -> list[Patch]:
        """Return the patches of an array."""
        patches = (change for change in self.changes if isinstance(change, Patch))
        return [patch for patch in patches if patch.target == target]

    @property
    def targets(self) -> set[str]:
        """The arrays and parts of the record that changed."""
        return {change.target for change in self.changes}

    def touches(self, target: str) -> bool:
        """Whether it changed an array or a part of the record."""
        return target in self.targets


class Interpretation:
    """Facies labels, picks and their history, of one survey of a project.

    Parameters
    ----------
    project : Project
    key : str
        The survey.
        May be changed by this process only while that holds the `claim`.

    Attributes
    ----------
    facies : LabelVolume
        To be painted into.
    tool_in_hand : callable
        Names the tool of an edit that nobody began, and what it does.
    shape : tuple of int
        Of the survey.
    read_only : str
        Why nothing can be changed; empty where it can.
    edited : Signal(Edited)
        After every change.
    troubled : Signal(str)
        The disk does not take what was edited, or takes it again (empty).

    Raises
    ------
    LabelError
        If the labels cannot be opened.
    """

    edited = Signal(Edited)
    troubled = Signal(str)

    def __init__(self, project: Project, key: str) -> None:
        self.project, self.key = project, project.entry(key).key
        self.shape = project.entry(key).shape
        self._arrays: dict[str, EditableArray] = {}
        self._gesture: Gesture | None = None
        self._depth = 0
        self._holding = self._owes = self._suspended = False
        self._record_fault = ""
        self.read_only = project.read_only
        self._history = History(project.journal_path(self.key))
        self._keeper: Keeper | None = None
        if not self.read_only:
            self._history.shorten()
            self._keeper = Keeper(
                self._array, self._recorded, self._history.sync, self._history.settle
            )
            self._catch_up()
            self._clear_up()
        self.facies = LabelVolume(self._facies().values, self._told)
        if self.read_only:
            self._refuse(self.read_only)
        self.facies.owner = self
        self.tool_in_hand: Callable[[], tuple[str, str]] = lambda: ("Edit", "")

    def close(self) -> None:
        """Write what waits; nothing can be changed any more."""
        self.finish()
        self.try_again()
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None
        self._refuse("closed")

    @contextmanager
    def edit(self, tool: str, words: str = "") -> Iterator[Gesture]:
        """Make everything that is changed in a block one edit; blocks in it are part of it.

        Raises
        ------
        LabelError
            If nothing can be changed.
        """
        gesture = self.begin(tool, words)
        try:
            yield gesture
        finally:
            self.finish()

    def edit_in_hand(self) -> AbstractContextManager[Gesture]:
        """Make a block an edit of the tool in hand, or a part of the edit that is under way."""
        # The tool is not asked for each stamp of a stroke: its words take as long as a stamp.
        return self.edit(*(("", "") if self._gesture is not None else self.tool_in_hand()))

    @contextmanager
    def whole(self, tool: str, words: str = "") -> Iterator[Gesture]:
        """Make what is changed in a block one edit; if the block raises, nothing of it stays.

        Must not be part of another edit.

        Raises
        ------
        LabelError
            If nothing can be changed.
        """
        with self.edit(tool, words) as gesture:
            try:
                yield gesture
            except BaseException:
                self._gesture, self._depth = None, 0  # nothing is left to finish
                self.restore(reversed_changes(gesture.changes()))
                raise

    def begin(self, tool: str, words: str = "") -> Gesture:
        """Begin an edit, to be ended by `finish`; within another one, be part of it."""
        if self.facies.refusal:
            raise LabelError(self.facies.refusal)
        self._depth += 1
        if self._gesture is None:
            self._gesture = Gesture(tool, words)
        return self._gesture

    def finish(self) -> None:
        """End an edit: from now on it is never lost."""
        self._depth = max(0, self._depth - 1)
        if self._depth or self._gesture is None:
            return
        gesture, self._gesture = self._gesture, None
        self.commit(gesture.tool, gesture.words, gesture.changes())

    def commit(self, tool: str, words: str, changes: tuple[Change, ...]) -> None:
        """Record changes that were made already, if there are any, as one edit."""
        assert self._keeper is not None
        with self._keeper.held():  # or it would be noted that all is well between two steps
            if changes:
                self._history.add(tool, words, changes)
            self._save_record()
            self._keeper.keep(changes)
        if changes:
            self._tell(tool, changes)

    def restore(self, changes: tuple[Change, ...]) -> None:
        """Make arrays and record what they are after changes that are no edit of their own."""
        self._apply(changes)
        self._save_record()
        self._tell("Restored", changes)

    def occupy(self, reason: str) -> None:
        """Let nobody edit until `vacate`: one edit is being made elsewhere.

        Raises
        ------
        LabelError
            If nothing can be changed anyway.
        """
        self.finish()
        if self.facies.refusal:
            raise LabelError(self.facies.refusal)
        self.facies.refusal = reason
        self.hold_record_back()

    def vacate(self) -> None:
        """Let edits be made again."""
        if not self.read_only:
            self.facies.refusal = ""

    def paste(
        self,
        start: tuple[int, int, int],
        codes: NDArray[np.uint8],
        where: NDArray[np.bool_] | None = None,
    ) -> None:
        """Set facies codes in a box, everywhere or only where it is said; part of an edit.

        Parameters
        ----------
        start : tuple of int
            First inline, crossline and sample.
        codes : ndarray of uint8
            The box's.
        where : ndarray of bool, same shape, optional
            What is set.
        """
        box = tuple((at, at + n) for at, n in zip(start, codes.shape, strict=True))
        values = codes if where is None else np.where(where, codes, self.facies[slices(box)])
        self.facies[slices(box)] = values

    def values(self, target: str) -> NDArray:
        """Return an array to look at: what is written into it is lost.

        Raises
        ------
        LabelError
            If there is no such array, or its file is damaged.
        """
        return self.array(target).values

    def array(self, target: str) -> EditableArray:
        """Return an array, to be changed as part of an edit only."""
        array = self._array(target)
        if array is None:
            raise LabelError(f"There is no array {target!r}.")
        return array

    def scatter(self, target: str, at: tuple[NDArray, ...], values: NDArray) -> None:
        """Set single elements of an array; part of an edit.

        Parameters
        ----------
        target : str
        at : tuple of ndarray of int, each of shape (n,)
            Where, along each axis.
        values : ndarray, shape (n,)
        """
        array = self.array(target)
        box = tuple((int(axis.min()), int(axis.max()) + 1) for axis in at)
        with self.edit_in_hand() as gesture:
            before = np.array(array.values[slices(box)])
            array.values[at] = values
            gesture.wrote(target, array, box, before)

    def undo(self) -> Revision | None:
        """Take the last edit back; returns it, or None where there is none."""
        revision = self._history.tree.undo
        if revision is not None:
            self.go_to(revision.parent)
        return revision

    def redo(self) -> Revision | None:
        """Do again what was undone last; returns it, or None where there is nothing."""
        revision = self._history.tree.redo
        if revision is not None:
            self.go_to(revision.number)
        return revision

    @property
    def can_undo(self) -> Revision | None:
        """What `undo` would take back."""
        return None if self.read_only else self._history.tree.undo

    @property
    def can_redo(self) -> Revision | None:
        """What `redo` would do again."""
        return None if self.read_only else self._history.tree.redo

    @property
    def tree(self) -> RevisionTree:
        """The order of the edits, to look at."""
        return self._history.tree

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """Every edit that is kept, in the order in which they were made."""
        return self._history.tree.revisions

    @property
    def position(self) -> int:
        """Number of the revision after which the labels are; 0: before the first."""
        return self._history.tree.position

    def go_to(self, number: int) -> None:
        """Go to the state after any revision.

        Raises
        ------
        LabelError
            If nothing can be changed, or the way there is no longer kept.
        """
        if self.facies.refusal or self._keeper is None:
            raise LabelError(self.facies.refusal)
        self.finish()
        with self._keeper.held():
            way = self._history.move(number)
            self.hold_record_back()
            for changes in way:
                self._apply(changes)
                self._keeper.keep(changes)
            self._save_record()
        if way:
            self._tell("History", tuple(chain.from_iterable(way)))

    def way_to(self, number: int, start: int | None = None) -> tuple[Change, ...]:
        """Return what would change on the way to a revision, to look at it.

        Parameters
        ----------
        number : int
        start : int, optional
            The revision from which the way leads; by default the present one.

        Raises
        ------
        LabelError
            If the way there is no longer kept.
        """
        with self._keeper.held() if self._keeper is not None else nullcontext():
            way = self._history.way(number, start)
        return tuple(chain.from_iterable(way))

    @property
    def onward(self) -> tuple[int, ...]:
        """Numbers of the revisions that redo would do again, one after the other."""
        return tuple(self._history.tree.onward)

    def suspend(self, reason: str) -> None:
        """Let nothing be changed until `resume`, for a reason as in `read_only`."""
        self.finish()
        if not self.read_only:
            self._suspended = True
            self._refuse(reason)

    def resume(self) -> None:
        """Let labels be changed again, if they could be before `suspend`."""
        if self._suspended and self._keeper is not None:
            self.read_only = self.facies.refusal = ""
        self._suspended = False

    def flush(self, timeout: float | None = 10.0) -> None:
        """Wait until the files have every edit: other processes read them."""
        if self._keeper is not None:
            self._keeper.flush(timeout)

    @property
    def trouble(self) -> str:
        """What keeps edits from the disk, as a line for the user; empty where nothing does."""
        fault = self._history.fault or self._record_fault
        fault = fault or (self._keeper.fault if self._keeper is not None else "")
        if not fault:
            return ""
        return f"Edits could not be saved: {fault}. They stay in memory: make room on the disk."

    def try_again(self) -> None:
        """Try to save what the disk did not take; to be called now and then."""
        if self._keeper is None or not (self.trouble or self._owes):
            return
        with self._keeper.held():
            self._history.retry()
            self._save_record()
            self._keeper.keep(())
        self.troubled.emit(self.trouble)

    @property
    def waits(self) -> bool:
        """Whether there are edits that the files do not have yet."""
        return self._keeper is not None and not self._keeper.idle

    def hold_record_back(self) -> None:
        """Have the project's record wait for the end of an edit: the journal has it first."""
        if not self._holding:
            self._holding = True
            self.project.hold_back()

    def note(self, target: str, change: Callable[[], None]) -> None:
        """Change a part of the project's record, as an edit or as part of one.

        It is saved when the edit ends: a process that dies leaves all of an edit or nothing.

        Parameters
        ----------
        target : str
            One of `noted.PARTS`.
        change : callable
            Does it; what it raises is passed on.
        """
        with self.edit_in_hand() as gesture:
            self.hold_record_back()
            before = note_of(self.project, self.key, target)
            change()
            after = note_of(self.project, self.key, target)
            if after != before:
                gesture.noted(Note(target, before, after))

    def _refuse(self, reason: str) -> None:
        """Let nothing be changed any more."""
        self.read_only = reason
        self.facies.refusal = f"Nothing can be changed: the project is {reason}."

    def _told(self, box: Box, before: NDArray[np.uint8]) -> None:
        """Take in a write to the facies: part of the edit that is being made, or one by itself."""
        with self.edit_in_hand() as gesture:
            gesture.wrote(FACIES, self._facies(), box, before)

    def _tell(self, tool: str, changes: tuple[Change, ...]) -> None:
        self.edited.emit(Edited(tool, changes))
        self.troubled.emit(self.trouble)

    def _apply(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            if isinstance(change, Note):
                take_note(self.project, self.key, change)
            elif (array := self._array(change.target)) is not None:
                array.put(change)
                if change.target == FACIES:
                    self.facies.wrote(change.box)

    def _save_record(self) -> None:
        """Write the project's record if the journal has what changed it; else it is owed."""
        if not (self._holding or self._owes):
            return
        if self._history.fault:
            self._owes = True
            return
        try:
            (self.project.release if self._holding else self.project.save)()
            self._record_fault = ""
        except ProjectError as error:
            self._record_fault = str(error).rstrip(".")
            logger.warning("An edit could not be saved yet: %s", error)
        self._holding, self._owes = False, self.project.unsaved

    def _recorded(self) -> bool:
        """Whether journal and record have every edit; asked in the keeper's thread."""
        return self._history.retry() and not (self._owes and self.project.unsaved)

    def _catch_up(self) -> None:
        """Write again what may not have reached the files when the process died."""
        assert self._keeper is not None
        with self._keeper.held():  # or it would be noted that all is well after the first
            unsettled = self._history.unsettled()
            self.hold_record_back()
            for step in unsettled:
                for change in step:
                    self._replay(change)
                self._keeper.keep(step, everything=True)
            changes = (change for step in unsettled for change in step)
            take_last(self.project, self.key, [one for one in changes if isinstance(one, Note)])
            self._save_record()

    def _clear_up(self) -> None:
        """Remove files of horizons to which nothing leads, now that the journal is as it stays."""
        if self._owes or self.project.unsaved:
            return
        targets = {target for revision in self.revisions for target, _ in revision.boxes}
        remove_leftovers(self.project, self.key, self._history.states(HORIZONS), targets)

    def _replay(self, change: Change) -> None:
        if isinstance(change, Note):
            return
        try:
            array = self._array(change.target)
            if array is not None:
                array.put(change)
        except HypersegError as error:
            logger.warning("A revision is left out: %s", error)

    def _facies(self) -> EditableArray:
        array = self._array(FACIES)
        assert array is not None
        return array

    def _array(self, target: str) -> EditableArray | None:
        """Return the array that a target names, opening its file at need."""
        if target not in self._arrays:
            opened = self._opened(target)
            if opened is None:
                return None
            self._arrays[target] = opened
        return self._arrays[target]

    def _opened(self, target: str) -> EditableArray | None:
        kind, _, stem = target.partition("/")
        create = not self.read_only
        if target == FACIES:
            return EditableArray(self.project.labels_path(self.key), self.shape, create=create)
        if stem and kind in (TIMES, KINDS):
            path = self.project.picks_path(self.key, stem, kind)
            dtype = "float32" if kind == TIMES else "uint8"
            return EditableArray(path, self.shape[:2], dtype, create=create)
        return None
