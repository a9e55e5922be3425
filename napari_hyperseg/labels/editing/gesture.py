"""One edit while it is being made: a stroke of the brush with all its stamps, or an import.

Collects what each write replaced, and packs it into patches.  Stamps that lie near each other
share a patch; what is far apart does not, so that labels all over a survey take no copy of it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.editing.editable import EditableArray, slices
from napari_hyperseg.labels.editing.patch import Box, Change, Note, Patch

_ALWAYS_JOINED = 1 << 20  # elements: a box of this size costs a few milliseconds to pack
_LARGEST = 1 << 24  # elements of stamps that share a patch: they wait in memory
_WASTE = 4  # a box may be so many times as large as the stamps in it


class Gesture:
    """What an edit has changed so far.

    Parameters
    ----------
    tool : str
        What is making it, in a word or two.
    words : str
        What it does, for the time line.
    """

    def __init__(self, tool: str, words: str = "") -> None:
        self.tool, self.words = tool, words
        self._packed: list[Change] = []
        self._stamps: list[tuple[Box, NDArray]] = []
        self._array: tuple[str, EditableArray] | None = None
        self._hull: Box = ()
        self._stamped = 0

    def wrote(self, target: str, array: EditableArray, box: Box, before: NDArray) -> None:
        """Note that a box of an array was written, and what it held before."""
        hull = _joined(self._hull, box) if self._stamps else box
        stamped = self._stamped + before.size
        wide = stamped > _LARGEST or _size(hull) > max(_ALWAYS_JOINED, _WASTE * stamped)
        if self._stamps and (wide or self._array != (target, array)):
            self._pack()
            hull, stamped = box, before.size
        self._array, self._hull, self._stamped = (target, array), hull, stamped
        self._stamps.append((box, before))

    def noted(self, note: Note) -> None:
        """Note that a part of the project's record changed."""
        self._pack()
        self._packed.append(note)

    def changes(self) -> tuple[Change, ...]:
        """Return what has changed, all in all; nothing where everything is as before."""
        self._pack()
        return tuple(self._packed)

    def _pack(self) -> None:
        """Make one patch of the stamps since the last one."""
        stamps, self._stamps = self._stamps, []
        if not stamps or self._array is None:
            return
        target, array = self._array
        start = tuple(first for first, _ in self._hull)
        after = np.array(array.values[slices(self._hull)])
        before = after.copy()
        for box, held in reversed(stamps):
            before[slices(_within(box, start))] = held
        self._stamped = 0
        if not np.array_equal(before, after, equal_nan=after.dtype.kind == "f"):
            self._packed.append(Patch.of(target, start, before, after))


def _joined(one: Box, other: Box) -> Box:
    pairs = zip(one, other, strict=True)
    return tuple((min(a[0], b[0]), max(a[1], b[1])) for a, b in pairs)


def _within(box: Box, start: tuple[int, ...]) -> Box:
    return tuple((a - at, b - at) for (a, b), at in zip(box, start, strict=True))


def _size(box: Box) -> int:
    return math.prod(stop - start for start, stop in box)
