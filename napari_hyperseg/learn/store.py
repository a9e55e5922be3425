"""The prediction store: facies, confidence and, if wanted, on which side of each boundary.

Filled box by box, each with its origin: a zarr group that the worker writes and everyone else
reads while it is being written; a chunk is replaced as a whole, so a reader never sees a torn one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.storage import StoreLike

from napari_hyperseg.errors import JobError
from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.below import STEPS
from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.data import slices
from napari_hyperseg.learn.origins import Origin, OriginsFile
from napari_hyperseg.survey.geometry import Box

CHUNK = 64
BELOW = "below"
_NAMES = ("facies", "confidence")


class PredictionStore:
    """Facies codes (0 = not predicted yet) and confidence in percent.

    Parameters
    ----------
    group : zarr.Group
        With arrays ``facies`` and ``confidence`` of the survey's shape, and ``below`` of that
        for each boundary if it is to be filled.
    origins : OriginsFile
        Where it is noted what made a box.
    """

    def __init__(self, group: zarr.Group, origins: OriginsFile) -> None:
        self._origins = origins
        self._arrays, self._order = filled_arrays(group)

    @classmethod
    def open_or_create(
        cls,
        path: Path,
        shape: Shape,
        n_classes: int,
        *,
        order: Order = (),
        files: Shape | None = None,
        go_on: bool = False,
    ) -> PredictionStore:
        """Open the store at `path`; a new, empty one where there is none that fits.

        Parameters
        ----------
        path : Path
        shape : tuple of int
            Of the survey.
        n_classes : int
        order : tuple of int
            All codes from top to bottom, where the sides of the boundaries are filled, too.
        files : tuple of int, optional
            Extent of a file of an array, a multiple of a chunk's, that the store must have; by
            default any will do, and a new one has a file for each chunk.
        go_on : bool
            Whether what is there of the sides of boundaries is of the same state of the model,
            and stays.
        """
        group = open_if_fits(path, shape, n_classes)
        if group is None or files not in (None, _array(group, _NAMES[0]).shards):
            group = create_store(path, shape, n_classes, files)
        if BELOW in group and not (go_on and order == _order(_array(group, BELOW))):
            del group[BELOW]
        if order and BELOW not in group:
            create_below(group, shape, order, files)
        return cls(group, OriginsFile(path, shape))

    @property
    def order(self) -> Order:
        """All codes from top to bottom, where the sides of the boundaries are filled; else ()."""
        return self._order

    @property
    def _fills_below(self) -> bool:
        return len(self._arrays) > len(_NAMES)

    def write(self, box: Box, *values: NDArray[np.uint8], origin: Origin) -> None:
        """Fill a box with codes, confidence and, if they are filled, the sides of boundaries.

        Its origin is noted after that: who reads it meanwhile takes the box for older than it is.
        """
        self.fill(box, *values)
        self.note(box, origin)

    def fill(self, box: Box, *values: NDArray[np.uint8]) -> None:
        """Fill a box whose origin is noted later; several threads may, in boxes of their own."""
        fill(self._arrays, box, values)

    def note(self, box: Box, origin: Origin) -> None:
        """Note the origin of a box that somebody else filled."""
        self._origins.add(box, origin)

    def finish(self) -> None:
        """Say that every box was filled since the store was opened."""
        if self._fills_below:
            self._arrays[-1].attrs["complete"] = True
        self._origins.shorten()


class BlockStore:
    """A store that is filled in blocks which somebody else notes.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    arrays : tuple of zarr.Array
        As `PredictionStore.write` fills them.
    order : tuple of int
        All codes from top to bottom, where the sides of the boundaries are filled; else ().

    Raises
    ------
    JobError
        If there is no store.
    """

    def __init__(self, path: Path) -> None:
        try:
            group = zarr.open_group(path, mode="r+", zarr_format=3)
            self.arrays, self.order = filled_arrays(group)
        except (OSError, LookupError, TypeError, ValueError) as error:
            raise JobError(f"{path}: the prediction to fill cannot be opened ({error}).") from error

    def write(self, block: Box, *values: NDArray[np.uint8], origin: Origin) -> None:
        """Fill a block; its origin is noted by who asked for it."""
        fill(self.arrays, block, values)


def fill(arrays: Sequence[zarr.Array], box: Box, values: Sequence[NDArray[np.uint8]]) -> None:
    """Fill a box of each array of a store."""
    for array, value in zip(arrays, values, strict=True):
        array[(..., *slices(box))] = value


def filled_arrays(group: zarr.Group) -> tuple[tuple[zarr.Array, ...], Order]:
    """The arrays of a store that are filled, and the order of the sides of boundaries."""
    arrays = tuple(_array(group, name) for name in _NAMES)
    if BELOW not in group:
        return arrays, ()
    below = _array(group, BELOW)
    return (*arrays, below), _order(below)


def open_if_fits(place: StoreLike, shape: Shape, n_classes: int) -> zarr.Group | None:
    """Open what is there; None if it is damaged or of another survey or legend."""
    try:
        group = zarr.open_group(place, mode="r+", zarr_format=3)
        arrays = [_array(group, name) for name in _NAMES]
    except (OSError, LookupError, TypeError, ValueError):
        return None
    fits = all(array.shape == shape and array.dtype == np.uint8 for array in arrays)
    return group if fits and group.attrs.get("n_classes") == n_classes else None


def create_store(
    place: StoreLike, shape: Shape, n_classes: int, files: Shape | None, *, compressed: bool = False
) -> zarr.Group:
    """Make an empty store, in the place of what is there."""
    group = zarr.open_group(place, mode="w", zarr_format=3)
    for name in _NAMES:
        group.create_array(
            name,
            shape=shape,
            chunks=_chunks(shape, files),
            shards=files,
            dtype="uint8",
            compressors="auto" if compressed else None,
            fill_value=0,
        )
    group.attrs["n_classes"] = n_classes
    return group


def _chunks(shape: Shape, files: Shape | None) -> Shape:
    """Where several make a file, all are whole."""
    i, j, k = (min(CHUNK, extent) if files is None else CHUNK for extent in shape)
    return i, j, k


def create_below(group: zarr.Group, shape: Shape, order: Order, files: Shape | None) -> None:
    """Add the sides of boundaries, empty.

    Compressed, unlike the others: nearly all of it is 0 or all of the steps.
    """
    group.create_array(
        BELOW,
        shape=(len(order) - 1, *shape),
        chunks=(1, *_chunks(shape, files)),
        shards=None if files is None else (1, *files),
        dtype="uint8",
        fill_value=0,
        attributes={"steps": STEPS, "complete": False, "order": list(order)},
    )


def _order(below: zarr.Array) -> Order:
    return tuple(below.attrs["order"])  # type: ignore[arg-type]  # as `_create_below` wrote it


def _array(group: zarr.Group, name: str) -> zarr.Array:
    array = group[name]
    if not isinstance(array, zarr.Array):
        raise TypeError(f"{name} is no array")
    return array
