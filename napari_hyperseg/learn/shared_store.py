"""A prediction in a shared folder: a zarr group that workers fill, block by block.

Beside each block it is noted that it is whole and what made it, so that whoever asked for it can
fetch it, also later, and nobody predicts it twice.  It is compressed, as it goes over a network.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import numpy as np
import zarr
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.data import slices
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import (
    create_below,
    create_store,
    fill,
    filled_arrays,
    open_if_fits,
)
from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.shared.folder import SharedFolder

JOB, NOTES = "job", "blocks"
AT_A_TIME = 8  # notes that are read at once
Index = Annotated[int, Field(ge=0)]
Span = tuple[Index, Index]


class _Note(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    job: str
    box: tuple[Span, Span, Span]
    step: Index
    revision: Index | None = None
    balance: Annotated[float, Field(ge=0, le=1)] | None = None


class SharedPrediction:
    """A prediction that workers fill.

    Parameters
    ----------
    folder : SharedFolder
        Of the zarr group.
    group : zarr.Group

    Attributes
    ----------
    arrays : tuple of zarr.Array
        As `PredictionStore.write` fills them.
    order : tuple of int
        All codes from top to bottom, where the sides of the boundaries are filled; else ().

    Raises
    ------
    SharedFolderError
        By every method: if it cannot be done.
    """

    def __init__(self, folder: SharedFolder, group: zarr.Group) -> None:
        self._folder = folder
        self._job = str(group.attrs.get(JOB, ""))
        self.arrays, self.order = filled_arrays(group)

    @classmethod
    def open(cls, folder: SharedFolder) -> SharedPrediction:
        """Open what `open_or_create` made."""
        with folder.told("opened"):
            return cls(folder, zarr.open_group(folder.zarr_store(), mode="r+", zarr_format=3))

    @classmethod
    def open_or_create(
        cls,
        folder: SharedFolder,
        shape: Shape,
        n_classes: int,
        *,
        order: Order,
        files: Shape,
        job: str,
    ) -> SharedPrediction:
        """Open the prediction that a job began; an empty one replaces that of another.

        Parameters
        ----------
        folder : SharedFolder
        shape : tuple of int
            Of the survey.
        n_classes : int
        order : tuple of int
            All codes from top to bottom, where the sides of the boundaries are filled, too.
        files : tuple of int
            Extent of a block.
        job : str
            What is predicted, by what, from what: a digest.
        """
        with folder.told("written"):
            group = open_if_fits(folder.zarr_store(), shape, n_classes)
            if group is not None and group.attrs.get(JOB) == job:
                return cls(folder, group)
            folder.clear()
            group = create_store(folder.zarr_store(), shape, n_classes, files, compressed=True)
            if order:
                create_below(group, shape, order, files)
            group.attrs[JOB] = job  # last: who finds it finds everything
            return cls(folder, group)

    def write(self, block: Box, *values: NDArray[np.uint8], origin: Origin) -> None:
        """Fill a block, then note it."""
        with self._folder.told("written"):
            fill(self.arrays, block, values)
        note = {"job": self._job, "box": block, **origin._asdict()}
        self._folder.inside(NOTES).write(_name(block), json.dumps(note).encode())

    def read(self, block: Box) -> list[NDArray[np.uint8]]:
        """Read a block, as it was written."""
        with self._folder.told("read"):
            return [np.asarray(array[(..., *slices(block))]) for array in self.arrays]

    def written(self, blocks: Collection[Box]) -> dict[Box, Origin]:
        """Which of these blocks are noted, and what made them."""
        notes = self._folder.inside(NOTES)
        there = notes.sizes()
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            names = [name for name in map(_name, blocks) if name in there]
            found = [note for text in threads.map(notes.read, names) if (note := _note(text))]
        return {
            note.box: Origin(note.step, note.revision, note.balance)
            for note in found
            if note.job == self._job
        }

    def finish(self) -> None:
        """All blocks are fetched: the next prediction is a new one."""
        self._folder.inside(NOTES).clear()


def _name(block: Box) -> str:
    return ".".join(str(start) for start, _ in block) + ".json"


def _note(text: bytes) -> _Note | None:
    """None: torn, or something else."""
    try:
        return _Note.model_validate_json(text)
    except ValidationError:
        return None
