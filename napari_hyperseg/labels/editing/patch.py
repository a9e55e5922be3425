"""What an edit changed: boxes of arrays, and entries of the project's record.

Owns the two kinds of change and that each can be turned round.  Knows no file.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError

Box = tuple[tuple[int, int], ...]
"""(start, stop) along each axis."""

Json = Any

DTYPES = ("uint8", "float32")
_QUICK = 1  # zlib: 100 MB/s and more; labels shrink a thousandfold anyway


@dataclass(frozen=True)
class Patch:
    """A box of an array, before and after an edit, compressed.

    Parameters
    ----------
    target : str
        Which array.
    start, shape : tuple of int
        The box.
    dtype : {"uint8", "float32"}
        Of the array.
    before, after : bytes
        Its values, deflated.
    """

    target: str
    start: tuple[int, ...]
    shape: tuple[int, ...]
    dtype: str
    before: bytes
    after: bytes

    @classmethod
    def of(cls, target: str, start: tuple[int, ...], before: NDArray, after: NDArray) -> Patch:
        """Compress what a box held before and after."""
        packed = [zlib.compress(one.tobytes(), _QUICK) for one in (before, after)]
        return cls(target, start, before.shape, before.dtype.name, packed[0], packed[1])

    @property
    def box(self) -> Box:
        """Where it is."""
        return tuple((at, at + n) for at, n in zip(self.start, self.shape, strict=True))

    def values(self) -> tuple[NDArray, NDArray]:
        """Return what the box held before and after.

        Raises
        ------
        LabelError
            If the bytes are not of this shape.
        """
        return self._unpacked(self.before), self.outcome()

    def outcome(self) -> NDArray:
        """Return what the box held after, which cannot be written; raises as `values` does."""
        return self._unpacked(self.after)

    def reversed(self) -> Patch:
        """Return the patch that takes this one back."""
        return replace(self, before=self.after, after=self.before)

    def _unpacked(self, packed: bytes) -> NDArray:
        size = math.prod(self.shape) * np.dtype(self.dtype).itemsize
        inflate = zlib.decompressobj()
        try:
            content = inflate.decompress(packed, max(size, 1))
        except zlib.error as error:
            raise LabelError(f"A revision of {self.target} is damaged: {error}.") from error
        if len(content) != size:
            raise LabelError(f"A revision of {self.target} is damaged: it has another size.")
        return np.frombuffer(content, self.dtype).reshape(self.shape)


@dataclass(frozen=True)
class Note:
    """A part of the project's record, before and after an edit, as JSON says it."""

    target: str
    before: Json
    after: Json

    def reversed(self) -> Note:
        """Return the note that takes this one back."""
        return Note(self.target, self.after, self.before)


Change = Patch | Note


def reversed_changes(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return what takes several changes back, the last one first."""
    return tuple(change.reversed() for change in reversed(changes))
