"""Blocks with what is known of them, as one training step takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from napari_hyperseg.labels.rank_limits import RankLimits
from napari_hyperseg.learn.data import SurveyData
from napari_hyperseg.learn.drafts import Draft
from napari_hyperseg.learn.encoding import InputEncoding


@dataclass(frozen=True)
class Batch:
    """Blocks of channels, and what is known of them.

    Parameters
    ----------
    channels : Tensor of float32, shape (batch, channels, i, j, k)
    limits : Tensor of int64, shape (batch, 2, i, j, k)
        Least and most rank of each voxel; 0 and 255 where nothing is known.
    weights : Tensor of float32, shape (batch, i, j, k)
        What each voxel is worth.
    """

    channels: Tensor
    limits: Tensor
    weights: Tensor

    def to(self, device: torch.device) -> Batch:
        """Copy to a device."""
        return Batch(self.channels.to(device), self.limits.to(device), self.weights.to(device))


def batch_of(
    drafts: Sequence[Draft],
    known: Sequence[tuple[RankLimits, NDArray[np.float32]]],
    data: Mapping[str, SurveyData],
    encoding: InputEncoding,
) -> Batch:
    """Cut and stack blocks of the same shape.

    Parameters
    ----------
    drafts : sequence of Draft
    known : sequence of pairs of ndarray, shapes (2, i, j, k) and (i, j, k)
        Least and most ranks, and weights, of each block as it lies in its survey.
    data : mapping of str to SurveyData
    encoding : InputEncoding
    """
    blocks = [
        draft.turn((draft.cut(data[draft.survey], encoding), *what))
        for draft, what in zip(drafts, known, strict=True)
    ]
    channels, limits, weights = (
        torch.from_numpy(np.stack(parts)) for parts in zip(*blocks, strict=True)
    )
    return Batch(channels, limits.long(), weights)
