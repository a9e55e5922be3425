"""Predicting boxes of a survey, each with a halo so that its edges know their neighbours."""

from __future__ import annotations

from functools import lru_cache
from types import EllipsisType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order
from napari_hyperseg.labels.survey_labels import SurveyLabels
from napari_hyperseg.learn.block import Block
from napari_hyperseg.learn.boxes import Shape, aligned, grown, inside
from napari_hyperseg.learn.data import SurveyData, slices
from napari_hyperseg.learn.model import Model, decided, without
from napari_hyperseg.learn.prior import SurveyPrior
from napari_hyperseg.survey.geometry import Box

HALO = (8, 8, 24)  # samples seen beyond the box along (inline, crossline, sample)
SMALLEST = 8  # samples along a box
Lengths = NDArray[Any]


def predict_box(
    model: Model,
    data: SurveyData,
    box: Box,
    *,
    order: Order = (),
    prior: SurveyPrior | None = None,
    labels: SurveyLabels | None = None,
) -> tuple[NDArray[np.uint8], ...]:
    """Codes and confidence (percent) of a box, both of the box's shape; with an order, `below` too.

    Where there are labels, it is what they say.

    What is read begins where a cell of the network's coarsest grid begins in the whole
    survey, so that the cells, and the answer, are the same whichever way the survey is cut.
    Where the prior alone counts, nothing is read.
    """
    if prior is not None and not model.balance:
        ruled_out = None if labels is None else labels.ruled_out(box)
        logits = without(ruled_out, torch.from_numpy(prior.log_probabilities(box)))
        return decided(logits, layers=prior.order, order=order)
    block, core = block_around(model, data, box, prior, labels)
    return tuple(one[core] for one in model.predict(block, order=order))


def block_around(
    model: Model,
    data: SurveyData,
    box: Box,
    prior: SurveyPrior | None = None,
    labels: SurveyLabels | None = None,
) -> tuple[Block, tuple[EllipsisType | slice, ...]]:
    """A block that reaches beyond a box, and where in it the box lies."""
    outer = aligned(grown(box, HALO, data.shape), model.net.config.multiple)
    block = data.block(outer, model.encoding, prior, labels)
    return block, (..., *slices(inside(box, outer)))


@lru_cache
def tile_shape(shape: Shape, voxels: int) -> Shape:
    """Shape of the boxes to cut a volume into: with halo at most `voxels`, and the least in all.

    Where not even small boxes are so few voxels, small ones.
    """
    cuts = [_cuts(extent, margin) for extent, margin in zip(shape, HALO, strict=True)]
    of_box = np.einsum("i,j,k->ijk", *(longest for _, longest, _ in cuts))
    of_all = np.einsum("i,j,k->ijk", *(total for _, _, total in cuts))
    fits = of_box <= max(voxels, of_box.min())
    best = np.unravel_index(np.where(fits, of_all, np.inf).argmin(), fits.shape)
    i, j, k = (int(sizes[at]) for (sizes, _, _), at in zip(cuts, best, strict=True))
    return i, j, k


def _cuts(extent: int, margin: int) -> tuple[Lengths, Lengths, Lengths]:
    """Sizes of the pieces of an axis, the longest one with halo, and all of them with halo."""
    numbers = np.arange(1, max(1, extent // SMALLEST) + 1)
    sizes = np.unique(-(-extent // numbers))
    pieces = -(-extent // sizes)
    longest = np.minimum(extent, sizes + margin * np.minimum(pieces - 1, 2))
    return sizes, longest.astype(float), extent + 2.0 * margin * (pieces - 1)
