"""Facies labels as they were: the present ones, with what differs laid over them.

Owns the copy of what differs, in small blocks, so that looking at an old state costs memory
only where it is another one.  Nothing is ever written: not to these labels, not to a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.editing.editable import slices
from napari_hyperseg.labels.editing.patch import Box, Patch
from napari_hyperseg.labels.editing.volume import LabelVolume, inside

BLOCK = (16, 16, 64)
_EMPTY = np.zeros(BLOCK, np.uint8)
_EMPTY.flags.writeable = False

Place = tuple[int, ...]


class PastVolume(LabelVolume):
    """Labels to look at.

    Parameters
    ----------
    present : LabelVolume
        Must not change meanwhile.
    """

    def __init__(self, present: LabelVolume) -> None:
        super().__init__(present.codes)
        self._present = present
        self._blocks: dict[Place, NDArray[np.uint8]] = {}
        self._fresh: set[Place] = set()
        self.owner = present.owner

    def put(self, patch: Patch) -> None:
        """Make a box what it is after a patch.

        Raises
        ------
        LabelError
            If the patch is damaged.
        """
        after = patch.outcome()
        for place, within, part in self._overlaps(patch.box):
            self._writable(place)[within] = after[part]

    def forget_empty(self) -> None:
        """Give back the memory of blocks without labels; to be called after some patches."""
        for place in self._fresh:
            if not self._blocks[place].any():
                self._blocks[place] = _EMPTY
        self._fresh.clear()

    def __getitem__(self, key: Any) -> Any:
        box = self._box(key)
        if box is None:
            return np.asarray(self)[key]
        return self._read(box)[inside(key, self.ndim)]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        return self._read(tuple((0, n) for n in self.shape)).astype(dtype or self.dtype)

    def __deepcopy__(self, memo: Any) -> NDArray[np.uint8]:
        """Return a copy that is nobody's labels."""
        return np.asarray(self)

    def _read(self, box: Box) -> NDArray[np.uint8]:
        codes = self._present[slices(box)]
        for place, within, part in self._overlaps(box) if self._blocks else ():
            block = self._blocks.get(place)
            if block is not None:
                codes[part] = block[within]
        return codes

    def _writable(self, place: Place) -> NDArray[np.uint8]:
        """Return a block to write into; a new one is as the present is."""
        if place in self._fresh:
            return self._blocks[place]
        self._fresh.add(place)
        known = self._blocks.get(place)
        block = self._blocks[place] = np.zeros(BLOCK, np.uint8)
        if known is None:
            starts = [at * size for at, size in zip(place, BLOCK, strict=True)]
            known = self._codes[tuple(map(slice, starts, np.add(starts, BLOCK)))]
        if known is not _EMPTY:
            block[tuple(map(slice, known.shape))] = known
        return block

    def _overlaps(self, box: Box) -> Iterator[tuple[Place, tuple[slice, ...], tuple[slice, ...]]]:
        """Yield the blocks that a box touches: place, part of the block, part of the box."""
        if all(start < stop for start, stop in box):
            axes = [_parts(*ends, size) for ends, size in zip(box, BLOCK, strict=True)]
            for parts in product(*axes):
                place, within, part = zip(*parts, strict=True)
                yield place, within, part


def _parts(start: int, stop: int, size: int) -> list[tuple[int, slice, slice]]:
    """Cut a range of one axis at the borders of blocks."""
    parts = []
    for at in range(start // size, -(-stop // size)):
        first, last = max(start, at * size), min(stop, (at + 1) * size)
        within = slice(first - at * size, last - at * size)
        parts.append((at, within, slice(first - start, last - start)))
    return parts
