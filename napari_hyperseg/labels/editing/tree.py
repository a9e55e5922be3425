"""The order of edits: a tree, and the place in it at which the labels are.

An edit made after some were undone begins a new branch, so that no state is ever out of reach:
undo goes to the parent, redo to the child that was visited last, and the time line anywhere.
Knows no file and no array.
"""

from __future__ import annotations

from dataclasses import dataclass

from napari_hyperseg.labels.editing.patch import Box

ROOT = 0


@dataclass(frozen=True)
class Revision:
    """One edit, without what it changed.

    Parameters
    ----------
    number : int
        From 1.
    parent : int
        The revision that it followed; 0: none.
    time : float
        Seconds since 1970.
    tool : str
        What made it, in a word or two.
    words : str
        What it did, for the time line.
    boxes : tuple of (str, Box)
        Which boxes of which arrays it touched.
    notes : tuple of str
        Which parts of the project's record.
    """

    number: int
    parent: int
    time: float
    tool: str
    words: str = ""
    boxes: tuple[tuple[str, Box], ...] = ()
    notes: tuple[str, ...] = ()


class RevisionTree:
    """The revisions there are, and the present one.

    Attributes
    ----------
    position : int
        Number of the revision after which the labels are; 0: before the first.
    """

    def __init__(self) -> None:
        self.position = ROOT
        self._revisions: dict[int, Revision] = {}
        self._favourite: dict[int, int] = {}

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """All of them, in the order in which they were made."""
        return tuple(self._revisions.values())

    @property
    def next_number(self) -> int:
        """The number of the next edit."""
        return max(self.position, *self._revisions, ROOT) + 1

    def add(self, revision: Revision) -> None:
        """Go on from the revision's parent to it."""
        self._revisions[revision.number] = revision
        self._favourite[revision.parent] = revision.number
        self.position = revision.number

    def move(self, to: int) -> None:
        """Stand after another revision; redo leads this way from now on."""
        self.position = to
        for number in self.line(to):
            self._favourite[self._revisions[number].parent] = number

    def knows(self, number: int) -> bool:
        """Whether there is such a revision, or one that follows it."""
        followed = any(revision.parent == number for revision in self._revisions.values())
        return number == self.position or number in self._revisions or followed

    def get(self, number: int) -> Revision:
        """Return a revision."""
        return self._revisions[number]

    @property
    def undo(self) -> Revision | None:
        """What undo would take back."""
        return self._revisions.get(self.position)

    @property
    def redo(self) -> Revision | None:
        """What redo would do again."""
        child = self._favourite.get(self.position)
        return self._revisions.get(child) if child is not None else None

    @property
    def onward(self) -> list[int]:
        """The revisions that redo would do again, one after the other."""
        found: list[int] = []
        child = self._favourite.get(self.position)
        while child in self._revisions:
            found.append(child)
            child = self._favourite.get(child)
        return found

    def line(self, number: int) -> list[int]:
        """Return the revisions from the first one that is kept to this one."""
        found: list[int] = []
        while number in self._revisions:
            found.append(number)
            number = self._revisions[number].parent
        return found[::-1]

    def path(self, start: int, to: int) -> list[tuple[int, bool]] | None:
        """Return the way from one revision to another.

        Returns
        -------
        list of (int, bool), or None
            Revisions to take back (False) and to do again (True), in order; None where what
            lies between is no longer kept.
        """
        if not self.knows(to):
            return None
        back, forth = self.line(start), self.line(to)
        common = 0
        while common < min(len(back), len(forth)) and back[common] == forth[common]:
            common += 1
        if not common and self._stem(back, start) != self._stem(forth, to):
            return None
        undone = [(number, False) for number in reversed(back[common:])]
        return undone + [(number, True) for number in forth[common:]]

    def _stem(self, line: list[int], number: int) -> int:
        """Return what the line of a revision begins after."""
        return self._revisions[line[0]].parent if line else number
