"""Scores on the held-out labels, one box at a time so that commands never wait for long."""

from __future__ import annotations

from collections.abc import Sequence

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
        self._boxes = [
            (source, box) for source in labelled for box in held_out_boxes(source, voxels)
        ]
        size = model.n_classes + 1
        self._counts: NDArray[np.int64] = np.zeros((size, size), np.int64)

    @property
    def finished(self) -> bool:
        """Whether every box has been counted."""
        return not self._boxes

    def advance(self) -> None:
        """Predict and count the next box."""
        source, box = self._boxes.pop()
        codes, _ = predict_box(self._model, source.data, box)
        self._counts += confusion(source.held_out_codes(box), codes, self._model.n_classes)

    def scores(self) -> FaciesScores:
        """Scores over what has been counted."""
        return scores_of(self._counts)


def held_out_boxes(source: LabelledData, voxels: int) -> list[Box]:
    """Smallest boxes around the held-out labels of each patch, cut to what fits."""
    height = source.data.shape[2]
    boxes: list[Box] = []
    for corner_i, corner_j in _patch_corners(source.held_out):
        i, j = np.nonzero(
            source.held_out[corner_i : corner_i + PATCH_TRACES, corner_j : corner_j + PATCH_TRACES]
        )
        traces = (
            (corner_i + int(i.min()), corner_i + int(i.max()) + 1),
            (corner_j + int(j.min()), corner_j + int(j.max()) + 1),
        )
        step = max(tile_shape(source.data.shape, voxels)[2], voxels // 512)
        for _, _, (k0, k1) in tiles((1, 1, height), (1, 1, step)):
            box = (*traces, (k0, k1))
            if source.held_out_codes(box).any():
                boxes.append(box)
    return boxes


def _patch_corners(held_out: NDArray[np.bool_]) -> list[tuple[int, int]]:
    patches = np.unique(np.argwhere(held_out) // PATCH_TRACES, axis=0)
    return [(int(i) * PATCH_TRACES, int(j) * PATCH_TRACES) for i, j in patches]
