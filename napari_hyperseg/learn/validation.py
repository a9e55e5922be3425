"""Scores on the held-out labels, one box at a time so that commands never wait for long.

Patches come in an order that only chance and the surveys decide: where there is no time for all
of them, those that are scored are spread over the labels, and are the same each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.learn.boxes import tiles
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.heldout import PATCH_TRACES
from napari_hyperseg.learn.metrics import FaciesScores, confusion, scores_of
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.predictor import predict_box, tile_shape
from napari_hyperseg.survey.geometry import Box


class Validation:
    """Predicts the boxes that hold held-out labels, and counts.

    Parameters
    ----------
    model : Model
        Its weights may not change before the validation is finished.
    labelled : sequence of LabelledData
    voxels : int
        Voxels that one prediction may hold.
    """

    def __init__(self, model: Model, labelled: Sequence[LabelledData], voxels: int) -> None:
        self._model = model
        self._boxes = held_out_boxes(labelled, voxels)
        self._next = next(self._boxes, None)
        size = model.n_classes + 1
        self._counts: NDArray[np.int64] = np.zeros((size, size), np.int64)

    @property
    def finished(self) -> bool:
        """Whether every box has been counted."""
        return self._next is None

    def advance(self) -> None:
        """Predict and count the next box."""
        assert self._next is not None
        source, box = self._next
        codes, _ = predict_box(self._model, source.data, box)
        self._counts += confusion(source.held_out_codes(box), codes, self._model.n_classes)
        self._next = next(self._boxes, None)

    def scores(self) -> FaciesScores:
        """Scores over what has been counted."""
        return scores_of(self._counts)


def held_out_boxes(
    labelled: Sequence[LabelledData], voxels: int
) -> Iterator[tuple[LabelledData, Box]]:
    """Smallest boxes around the held-out labels of each patch, cut to what fits.

    Patch by patch as they are asked for, in the order of a draw.
    """
    patches = [
        (source, corner) for source in labelled for corner in _patch_corners(source.held_out)
    ]
    for number in np.random.default_rng(0).permutation(len(patches)):
        source, corner = patches[number]
        for box in _boxes_of_patch(source, corner, voxels):
            yield source, box


def _boxes_of_patch(source: LabelledData, corner: tuple[int, int], voxels: int) -> Iterator[Box]:
    at_i, at_j = corner
    i, j = np.nonzero(source.held_out[at_i : at_i + PATCH_TRACES, at_j : at_j + PATCH_TRACES])
    traces = (
        (at_i + int(i.min()), at_i + int(i.max()) + 1),
        (at_j + int(j.min()), at_j + int(j.max()) + 1),
    )
    height = source.data.shape[2]
    step = max(tile_shape(source.data.shape, voxels)[2], voxels // 512)
    for _, _, (k0, k1) in tiles((1, 1, height), (1, 1, step)):
        box = (*traces, (k0, k1))
        if source.held_out_codes(box).any():
            yield box


def _patch_corners(held_out: NDArray[np.bool_]) -> list[tuple[int, int]]:
    patches = np.unique(np.argwhere(held_out) // PATCH_TRACES, axis=0)
    return [(int(i) * PATCH_TRACES, int(j) * PATCH_TRACES) for i, j in patches]
