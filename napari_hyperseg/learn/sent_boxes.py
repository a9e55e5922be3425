"""Boxes of a prediction that are sent, each as a file of its own, to where the prediction is.

For predictions that change while a model is trained: a section on screen is a file as thin as the
section, where it would be all of the chunks that it cuts in a zarr array.  A box that gets lost is
predicted again soon, so nobody waits for one or ends because of it.
"""

from __future__ import annotations

import io
import json
import logging
import zipfile

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.boxes import extent
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.shared.folder import SharedFolder

logger = logging.getLogger(__name__)

NAMES = ("facies", "confidence")
ORIGIN = "origin"


class SentBoxes:
    """Boxes on their way; in place of a `PredictionStore` for who predicts them.

    Parameters
    ----------
    folder : SharedFolder
        Where they are meanwhile.
    """

    order: Order = ()  # the sides of boundaries are not sent

    def __init__(self, folder: SharedFolder) -> None:
        self._folder = folder

    def write(self, box: Box, *values: NDArray[np.uint8], origin: Origin) -> None:
        """Send codes and confidence of a box, in place of what was sent of it before."""
        packed = io.BytesIO()
        arrays = {**dict(zip(NAMES, values, strict=True)), ORIGIN: _packed(origin)}
        np.savez_compressed(packed, allow_pickle=False, **arrays)
        try:
            self._folder.write(_name(box), packed.getvalue())
        except SharedFolderError as error:
            logger.warning("A box is lost: %s", error)

    def read(self, box: Box, origin: Origin) -> list[NDArray[np.uint8]] | None:
        """Receive a box; None: what is there now is of another origin.

        Raises
        ------
        SharedFolderError
            If it cannot be read.
        """
        name = _name(box)
        try:
            with np.load(io.BytesIO(self._folder.read(name)), allow_pickle=False) as arrays:
                values, packed = [arrays[one] for one in NAMES], arrays[ORIGIN]
        except (OSError, ValueError, LookupError, zipfile.BadZipFile) as error:
            raise SharedFolderError(f"{self._folder}/{name} is damaged ({error}).") from error
        if any((one.shape, one.dtype) != (extent(box), np.uint8) for one in values):
            raise SharedFolderError(f"{self._folder}/{name} is of another box.")
        return values if np.array_equal(packed, _packed(origin)) else None

    def finish(self) -> None:
        """Nothing is left to be said."""

    def clear(self) -> None:
        """Remove what was sent.

        Raises
        ------
        SharedFolderError
            If it cannot be removed.
        """
        self._folder.clear()


def _name(box: Box) -> str:
    return ".".join(f"{start}-{stop}" for start, stop in box) + ".npz"


def _packed(origin: Origin) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(origin).encode(), np.uint8)
