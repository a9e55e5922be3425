"""Scores on the held-out labels, one box at a time so that commands never wait for long.

Pieces come in an order that only chance and the surveys decide: where there is no time for all
of them, those that are scored are spread over the labels, and are the same each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from napari_hyperseg.labels.folds import patches
from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.balance import BalanceTrial, Verdict
from napari_hyperseg.learn.boxes import tiles
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.predictor import block_around, tile_shape
from napari_hyperseg.survey.geometry import Box

LARGEST_PIECE = 16  # traces along the side: all of a piece is in one fold


class Validation:
    """Predicts the boxes that hold held-out labels, and counts.

    Parameters
    ----------
    model : Model
        Its weights may not change before the validation is finished.
    labelled : sequence of LabelledData
    voxels : int
        Voxels that one prediction may hold.
    order : tuple of int
        Codes from top to bottom, as far as they are said.
    """

    def __init__(
        self, model: Model, labelled: Sequence[LabelledData], voxels: int, order: Order = ()
    ) -> None:
        self._model = model
        self._boxes = held_out_boxes(labelled, voxels)
        self._next = next(self._boxes, None)
        self._trial = BalanceTrial(model, order)

    @property
    def finished(self) -> bool:
        """Whether every box has been counted."""
        return self._next is None

    def advance(self) -> None:
        """Predict and count the next box."""
        assert self._next is not None
        source, box = self._next
        block, core = block_around(self._model, source.data, box, source.held_out_prior)
        evidence = self._model.evidence(block)
        truth = source.held_out_limits(box)
        self._trial.count(evidence[core], block.cut(core), truth, top=box[2][0])
        self._next = next(self._boxes, None)
        if self._next is None or self._next[0] is not source or self._next[1][:2] != box[:2]:
            geometry = source.data.geometry
            self._trial.end_traces(geometry.sample_interval_ms, geometry.vertical_unit)

    def verdict(self) -> Verdict:
        """What the labels that have been counted say."""
        return self._trial.verdict()


def held_out_boxes(
    labelled: Sequence[LabelledData], voxels: int
) -> Iterator[tuple[LabelledData, Box]]:
    """Smallest boxes around the held-out labels of each piece of the map, cut to what fits.

    Piece by piece as they are asked for, in the order of a draw.
    """
    pieces = [
        (source, side, corner)
        for source in labelled
        for side in [min(source.side, LARGEST_PIECE)]
        for corner in side * patches(source.held_out, side)
    ]
    for number in np.random.default_rng(0).permutation(len(pieces)):
        source, side, (at_i, at_j) = pieces[number]
        for box in _boxes_of_piece(source, side, int(at_i), int(at_j), voxels):
            yield source, box


def _boxes_of_piece(
    source: LabelledData, side: int, at_i: int, at_j: int, voxels: int
) -> Iterator[Box]:
    i, j = np.nonzero(source.held_out[at_i : at_i + side, at_j : at_j + side])
    traces = (
        (at_i + int(i.min()), at_i + int(i.max()) + 1),
        (at_j + int(j.min()), at_j + int(j.max()) + 1),
    )
    height = source.data.shape[2]
    step = max(tile_shape(source.data.shape, voxels)[2], voxels // 512)
    for _, _, (k0, k1) in tiles((1, 1, height), (1, 1, step)):
        box = (*traces, (k0, k1))
        if source.held_out_limits(box)[0].any():
            yield box
