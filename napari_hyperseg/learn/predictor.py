"""Predicting boxes of a survey, each with a halo so that its edges know their neighbours."""

from __future__ import annotations

from types import EllipsisType

import numpy as np
import torch
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.block import Block
from napari_hyperseg.learn.boxes import Shape, aligned, grown, inside
from napari_hyperseg.learn.data import SurveyData, slices
from napari_hyperseg.learn.model import Model, decided
from napari_hyperseg.learn.prior import SurveyPrior
from napari_hyperseg.survey.geometry import Box

HALO = (6, 6, 12)  # samples seen beyond the box along (inline, crossline, sample)


def predict_box(
    model: Model,
    data: SurveyData,
    box: Box,
    *,
    order: Order = (),
    prior: SurveyPrior | None = None,
) -> tuple[NDArray[np.uint8], ...]:
    """Codes and confidence (percent) of a box, both of the box's shape; with an order, `below` too.

    What is read begins where a cell of the network's coarsest grid begins in the whole
    survey, so that the cells, and the answer, are the same whichever way the survey is cut.
    Where the prior alone counts, nothing is read.
    """
    if prior is not None and model.trusts_priors_alone:
        expected = torch.from_numpy(prior.log_probabilities(box))
        return decided(torch.softmax(expected, dim=0), order)
    block, core = block_around(model, data, box, prior)
    return tuple(one[core] for one in model.predict(block, order=order))


def block_around(
    model: Model, data: SurveyData, box: Box, prior: SurveyPrior | None = None
) -> tuple[Block, tuple[EllipsisType | slice, ...]]:
    """A block that reaches beyond a box, and where in it the box lies."""
    outer = aligned(grown(box, HALO, data.shape), model.net.config.multiple)
    return data.block(outer, model.encoding, prior), (..., *slices(inside(box, outer)))


def tile_shape(shape: Shape, voxels: int) -> Shape:
    """Shape of the boxes that, halo included, hold about `voxels`: as cubic as can be."""
    outer, left = list(shape), float(voxels)
    narrowest_first = sorted(range(3), key=lambda axis: shape[axis])
    for position, axis in enumerate(narrowest_first):
        side = int(left ** (1 / (3 - position)))
        if side < shape[axis]:
            for free in narrowest_first[position:]:
                outer[free] = side
            break
        left /= shape[axis]
    i, j, k = (
        extent if length >= extent else max(8, length - 2 * margin)
        for length, extent, margin in zip(outer, shape, HALO, strict=True)
    )
    return i, j, k
