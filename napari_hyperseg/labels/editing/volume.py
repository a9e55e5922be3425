"""The facies labels as a window paints them: an array whose every write is told of.

Whatever edits labels, be it a brush, a polygon, a fill, somebody's console, ends in one
assignment to this array; so this is the place where edits are seen, exactly once each and
whatever the program that paints says of them.  Reading gives copies, so that nobody can write
past it.  Time slices are read from the traces that hold labels only: on disk a slice lies in
every page of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.editing.editable import slices
from napari_hyperseg.labels.editing.patch import Box

_LARGEST = 1 << 25  # elements written at a time
Told = Callable[[Box, NDArray[np.uint8]], None]


class LabelVolume:
    """Facies codes that can be read and written as an array.

    Parameters
    ----------
    codes : ndarray of uint8, shape (n_inlines, n_crosslines, n_samples)
        What is behind.
    told : callable, optional
        Told each box that was written, and what it held before; without it, nobody may write.

    Attributes
    ----------
    locked : callable
        Returns the codes that may not be overwritten.
    holding : ndarray of bool, shape (n_inlines, n_crosslines), or None
        Traces that may hold labels; None: any.
    refusal : str
        Why nothing can be written; empty where it can.
    kept_back : callable
        Called after a write from which locked codes were kept.
    owner : object
        Whose labels these are.
    """

    def __init__(self, codes: NDArray[np.uint8], told: Told | None = None) -> None:
        self._codes, self._told = codes, told
        self.locked: Callable[[], frozenset[int]] = frozenset
        self.holding: NDArray[np.bool_] | None = None
        self._written = np.zeros(codes.shape[:2], bool)
        self.refusal = "" if told is not None else "These labels are only looked at."
        self.kept_back: Callable[[], Any] = lambda: None
        self.owner: Any = None

    @property
    def codes(self) -> NDArray[np.uint8]:
        """What is behind, to be looked at: what is written into it is told to nobody."""
        return self._codes

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of inlines, crosslines and samples."""
        return self._codes.shape

    @property
    def dtype(self) -> np.dtype:
        """uint8."""
        return self._codes.dtype

    @property
    def ndim(self) -> int:
        """Three."""
        return self._codes.ndim

    @property
    def size(self) -> int:
        """Number of voxels."""
        return self._codes.size

    def __len__(self) -> int:
        return len(self._codes)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        return np.array(self._codes, dtype=dtype)

    def know(self, holding: NDArray[np.bool_]) -> None:
        """Take in which traces held labels, some time after this was made."""
        self.holding = holding | self._written

    def wrote(self, box: Box) -> None:
        """Know that a box may hold labels; to be called by who writes past this."""
        at = slices(box)[:2]
        self._written[at] = True
        if self.holding is not None:
            self.holding[at] = True

    def __deepcopy__(self, memo: Any) -> NDArray[np.uint8]:
        """Return a copy that is nobody's labels."""
        return np.array(self._codes)

    def __getitem__(self, key: Any) -> Any:
        box = self._box(key)
        if self.holding is not None and box is not None and _is_slice(box, self.shape):
            return self._time_slices(box)[inside(key, self.ndim)]
        return np.array(self._codes[key])

    def __setitem__(self, key: Any, value: Any) -> None:
        if self.refusal or self._told is None:
            raise LabelError(self.refusal)
        box = self._box(key)
        if box is None:
            self._write(self._bounds(key), partial(self._codes.__setitem__, key, value))
            return
        values = np.broadcast_to(np.asarray(value, self.dtype), self._codes[key].shape)
        values = values.reshape([stop - start for start, stop in box])
        for part in _parts(box):
            rows = slice(part[0][0] - box[0][0], part[0][1] - box[0][0])
            self._write(part, partial(self._codes.__setitem__, slices(part), values[rows]))

    def _write(self, box: Box, write: Callable[[], Any]) -> None:
        """Write into a box, put locked codes back, and tell what it held."""
        if any(start >= stop for start, stop in box):
            return
        at = slices(box)
        before = np.array(self._codes[at])
        write()
        kept = self._put_back(self._codes[at], before)
        self.wrote(box)
        assert self._told is not None
        self._told(box, before)
        if kept:
            self.kept_back()

    def _put_back(self, after: NDArray, before: NDArray) -> bool:
        locked = self.locked()
        if not locked:
            return False
        kept = np.isin(before, list(locked)) & (after != before)
        after[kept] = before[kept]
        return bool(kept.any())

    def _time_slices(self, box: Box) -> NDArray[np.uint8]:
        """Read thin horizontal slabs trace by trace, where there are labels."""
        (i0, i1), (j0, j1), (k0, k1) = box
        out = np.zeros((i1 - i0, j1 - j0, k1 - k0), self.dtype)
        assert self.holding is not None
        i, j = np.nonzero(self.holding[i0:i1, j0:j1])
        out[i, j] = self._codes[i + i0, j + j0, k0:k1]
        return out

    def _box(self, key: Any) -> Box | None:
        """Return the box of an index of integers and slices; None for any other."""
        keys = key if isinstance(key, tuple) else (key,)
        if len(keys) > self.ndim or any(one is Ellipsis or one is None for one in keys):
            return None
        keys = (*keys, *(slice(None),) * (self.ndim - len(keys)))
        box = []
        for one, n in zip(keys, self.shape, strict=True):
            if isinstance(one, slice) and one.step in (None, 1):
                start, stop, _ = one.indices(n)
                box.append((start, max(start, stop)))
            elif isinstance(one, int | np.integer) and -n <= one < n:
                box.append((int(one) % n, int(one) % n + 1))
            else:
                return None
        return tuple(box)

    def _bounds(self, key: Any) -> Box:
        """Return the smallest box around what any other index means."""
        places = key if isinstance(key, tuple) and _is_fancy(key, self.ndim) else None
        if places is None:
            mask = np.zeros(self.shape, bool)
            mask[key] = True
            places = np.nonzero(mask)
        arrays = [np.asarray(one) % n for one, n in zip(places, self.shape, strict=True)]
        if not all(one.size for one in arrays):
            return ((0, 0),) * self.ndim
        return tuple((int(one.min()), int(one.max()) + 1) for one in arrays)


def _parts(box: Box) -> Iterator[Box]:
    """Cut a box along its first axis into parts that are not too large."""
    (start, stop), *others = box
    plane = max(1, int(np.prod([b - a for a, b in others])))
    step = max(1, _LARGEST // plane)
    for first in range(start, stop, step):
        yield ((first, min(first + step, stop)), *others)


def _is_slice(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a box is thin along the samples: then it lies in many pages of the file."""
    thickness = box[2][1] - box[2][0]
    return 0 < thickness * 8 <= shape[2]


def inside(key: Any, ndim: int) -> tuple[Any, ...]:
    """Return the index that takes the axes away which an index of one number takes away."""
    keys = key if isinstance(key, tuple) else (key,)
    keys = (*keys, *(slice(None),) * (ndim - len(keys)))
    return tuple(slice(None) if isinstance(one, slice) else 0 for one in keys)


def _is_fancy(key: tuple[Any, ...], ndim: int) -> bool:
    """Whether an index is one array of whole numbers for each axis."""
    return len(key) == ndim and all(np.asarray(one).dtype.kind in "iu" for one in key)
