"""How much the network counts, and how much what is expected: as held-out labels tell.

A prediction is never worse there than what was expected before the network looked.  What is
counted are samples that are wrong: the loss falls, too, where the network is merely surer of what
was right before.  Which gains are no chance is said by `gains`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from napari_hyperseg.labels.order import Order, order_of, ranks_of
from napari_hyperseg.labels.rank_limits import RankLimits
from napari_hyperseg.learn.block import Block
from napari_hyperseg.learn.gains import about_as_good, begins_to_count
from napari_hyperseg.learn.held_out import Details, HeldOutCounts
from napari_hyperseg.learn.joined_traces import BoxOfTraces, joined
from napari_hyperseg.learn.loss import losses_within
from napari_hyperseg.learn.metrics import FaciesScores
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.ordered import most_likely

BALANCES = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)
STRETCH = 8  # traces side by side that are right or wrong together


@dataclass(frozen=True)
class Verdict:
    """What held-out labels say.

    Parameters
    ----------
    balance : float
        Share of the network that should count.
    scores : FaciesScores
        With that.
    expected : FaciesScores or None
        Of what was expected before the network looked; None where nothing was.
    details, expected_details : Details or None
        More figures of both.
    """

    balance: float
    scores: FaciesScores
    expected: FaciesScores | None
    details: Details | None = None
    expected_details: Details | None = None


class BalanceTrial:
    """Scores every balance on the same labels.

    Parameters
    ----------
    model : Model
    order : tuple of int
        Codes from top to bottom, as far as they are said.
    """

    def __init__(self, model: Model, order: Order = ()) -> None:
        self._model = model
        n_classes, self._order = model.n_classes, order_of(order, model.n_classes)
        self._ranks = ranks_of(self._order)
        self._counts = [HeldOutCounts(n_classes, self._order) for _ in BALANCES]
        self._loss = np.zeros(len(BALANCES))
        self._wrong: list[NDArray[np.intp]] = []  # samples, by stretch and balance
        self._parts: list[BoxOfTraces] = []  # boxes of the same traces
        self._expects = False

    def count(self, evidence: Tensor, block: Block, truth: RankLimits, top: int = 0) -> None:
        """Take in a box.

        Parameters
        ----------
        evidence : Tensor of float32, shape (n_classes, i, j, k)
            What the network makes of it.
        block : Block
            Of the same shape.
        truth : RankLimits, shape (2, i, j, k)
            What labels say; nothing: not counted.
        top : int
            Index of its first sample.
        """
        labelled = truth[0] > 0
        limits = truth[:, labelled]
        target = torch.from_numpy(limits.astype(np.int64)).to(evidence.device)
        there = torch.from_numpy(labelled).to(evidence.device)
        losses, codes = [], []
        for balance, counts in zip(BALANCES, self._counts, strict=True):
            logits = self._model.logits(evidence, block, balance)
            known = logits[:, there].T
            losses.append(float(losses_within(known, target, self._order).sum()))
            winner = most_likely(logits, block.layers)
            codes.append((winner + 1).byte().cpu().numpy())
            sure = torch.softmax(known, dim=1).gather(1, winner[there][:, None])[:, 0]
            counts.count_voxels(limits, codes[-1][labelled], sure.cpu().numpy())
        self._loss += losses
        self._parts.append(BoxOfTraces(top, truth, codes))
        self._expects |= block.expected is not None

    def end_traces(self, interval_ms: float, unit: str) -> None:
        """Look at the traces whose boxes were taken in since the last call as wholes."""
        if not self._parts:
            return
        truth, codes = joined(self._parts)
        self._parts = []
        self._wrong.append(np.transpose([self._wrong_in(truth, found) for found in codes]))
        for counts, found in zip(self._counts, codes, strict=True):
            counts.count_traces(truth, found, interval_ms, unit)

    def _wrong_in(self, truth: RankLimits, codes: NDArray[np.uint8]) -> NDArray[np.intp]:
        """Count the wrong samples of each stretch of traces, shape (n, n_samples)."""
        ranks = self._ranks[codes]
        wrong = (truth[0] > 0) & ((ranks < truth[0]) | (ranks > truth[1]))
        return np.add.reduceat(wrong.sum(axis=1), np.arange(0, len(wrong), STRETCH))

    def verdict(self) -> Verdict:
        """The least balance that is about as good as the best one, if that is better than none.

        One that was open stays open while it is better at all: it does not come and go by chance.
        """
        number = self._best()
        chosen, expected = self._counts[number], self._counts[0]
        return Verdict(
            BALANCES[number],
            chosen.scores,
            expected.scores if self._expects else None,
            chosen.details,
            expected.details if self._expects else None,
        )

    def _best(self) -> int:
        if not self._wrong:
            return 0
        wrong = np.concatenate(self._wrong)
        totals = wrong.sum(axis=0)
        better = [
            number
            for number in range(1, len(BALANCES))
            if totals[number] < totals[0] and self._is_better(number, wrong)
        ]
        if not better:
            return 0
        best = min(better, key=lambda number: (totals[number], self._loss[number]))
        return next(one for one in better if about_as_good(wrong[:, one] - wrong[:, best]))

    def _is_better(self, number: int, wrong: NDArray[np.intp]) -> bool:
        """Whether nothing is worse; and, unless it counted before, the network knows something."""
        if self._loss[number] > self._loss[0] or not self._misses_no_more(self._counts[number]):
            return False
        return bool(self._model.balance) or begins_to_count(wrong[:, [0, number, -1]])

    def _misses_no_more(self, found: HeldOutCounts) -> bool:
        """Whether classes and boundaries are as good as without the network."""
        expected = self._counts[0]
        pairs = zip(found.details.boundaries, expected.details.boundaries, strict=True)
        worse = sum(
            one.traces * (one.scores.mae_samples - other.scores.mae_samples)
            for one, other in pairs
            if np.isfinite(one.scores.mae_samples + other.scores.mae_samples)
        )
        return found.scores.mean_iou >= expected.scores.mean_iou and worse <= 0
