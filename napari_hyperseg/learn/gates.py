"""How much of the network's correction counts: as much as held-out labels say is safe.

A prediction is never worse there than what was expected before the network looked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from napari_hyperseg.learn.block import Block
from napari_hyperseg.learn.metrics import FaciesScores, confusion, scores_of
from napari_hyperseg.learn.model import Model

GATES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Verdict:
    """What held-out labels say.

    Parameters
    ----------
    gate : float
        Share of the network's correction that should count.
    scores : FaciesScores
        With that gate.
    expected : FaciesScores or None
        Of what was expected before the network looked; None where nothing was.
    """

    gate: float
    scores: FaciesScores
    expected: FaciesScores | None


class GateTrial:
    """Scores every gate on the same labels.

    Parameters
    ----------
    model : Model
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        size = model.n_classes + 1
        self._counts: NDArray[np.int64] = np.zeros((len(GATES), size, size), np.int64)
        self._losses: list[list[float]] = []  # of each box, by gate
        self._expects = False

    def count(self, correction: Tensor, block: Block, truth: NDArray[np.uint8]) -> None:
        """Take in a box.

        Parameters
        ----------
        correction : Tensor of float32, shape (n_classes, i, j, k)
            What the network makes of it.
        block : Block
            Of the same shape.
        truth : ndarray of uint8, shape (i, j, k)
            Labels; 0 = not counted.
        """
        target = torch.from_numpy(truth[truth > 0].astype(np.int64)).to(correction.device)
        there = torch.from_numpy(truth > 0).to(correction.device)
        losses = []
        for gate, counts in zip(GATES, self._counts, strict=True):
            logits = self._model.logits(correction, block, gate)[:, there].T
            losses.append(float(cross_entropy(logits, target - 1, reduction="sum")))
            found = (logits.argmax(dim=1) + 1).cpu().numpy()
            counts += confusion(target.cpu().numpy(), found, self._model.n_classes)
        self._losses.append(losses)
        self._expects |= block.offsets is not None

    def verdict(self) -> Verdict:
        """The gate with the least loss, if it is clearly better than none and misses no more."""
        number = self._best()
        chosen, expected = (scores_of(self._counts[n]) for n in (number, 0))
        return Verdict(GATES[number], chosen, expected if self._expects else None)

    def _best(self) -> int:
        losses = np.array(self._losses).reshape(-1, len(GATES))
        for number in losses.sum(axis=0).argsort():
            gain = losses[:, 0] - losses[:, number]
            if gain.sum() > _uncertainty(gain) and self._iou(number) >= self._iou(0):
                return int(number)
        return 0

    def _iou(self, number: int) -> float:
        return scores_of(self._counts[number]).mean_iou


def _uncertainty(gains: NDArray[np.float64]) -> float:
    """Standard error of the sum."""
    return float(np.sqrt(len(gains)) * gains.std(ddof=1)) if len(gains) > 1 else 0.0
