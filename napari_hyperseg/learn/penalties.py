"""What can be asked of a prediction where nothing is labelled: smoothness, and sizes of classes.

Smoothness is total variation between neighbouring traces, taken along reflectors and only as far
as these go on: across a fault nothing has to be smooth.  Sizes are bounds on the share of a class,
of which the squared distance counts (B. Peters, Point-to-set distance functions for weakly
supervised segmentation, arXiv 2007.13251).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import avg_pool1d

from napari_hyperseg.learn.loss import mean_of

STEEPEST = 2  # samples a trace
WINDOW = 13  # samples of two traces that are compared
OF_SHARES = 10.0  # weight of a squared distance of shares
LEAST = 1e-12


@dataclass(frozen=True)
class ShareBounds:
    """Between which shares of the volume a class should have.

    Parameters
    ----------
    code : int
    least, most : float
        0 to 1.
    """

    code: int
    least: float = 0.0
    most: float = 1.0


@dataclass(frozen=True)
class Penalties:
    """Added to the loss.

    Parameters
    ----------
    smoothness : float
        Weight of the total variation; 0: none is asked for.
    shares : tuple of ShareBounds
    """

    smoothness: float = 0.0
    shares: tuple[ShareBounds, ...] = ()

    def __bool__(self) -> bool:
        return self.smoothness > 0 or bool(self.shares)

    def of(self, logits: Tensor, amplitude: Tensor) -> Tensor:
        """What a prediction costs besides its loss.

        Parameters
        ----------
        logits : Tensor, shape (batch, n_classes, i, j, k)
        amplitude : Tensor, shape (batch, i, j, k)

        Returns
        -------
        Tensor, scalar
        """
        return self.cost(self.sums(logits, amplitude))

    def sums(self, logits: Tensor, amplitude: Tensor) -> Tensor:
        """What the cost is made of, as sums that add up over parts of a batch.

        Returns
        -------
        Tensor, shape (3 + n_shares,)
            Changes and their weights; the voxels, and the sum of the probabilities of each class
            of which shares are bounded.
        """
        probabilities = logits.softmax(dim=1)
        changes = logits.new_zeros(2)
        if self.smoothness:
            changes = changes_between_traces(probabilities, amplitude)
        of_classes = [probabilities[:, bounds.code - 1].sum() for bounds in self.shares]
        return torch.cat(
            [changes, torch.stack([logits.new_tensor(amplitude.numel()), *of_classes])]
        )

    def cost(self, sums: Tensor) -> Tensor:
        """What sums as from `sums` cost, a scalar."""
        total = self.smoothness * mean_of(sums[:2])
        shares = sums[3:] / sums[2]
        for bounds, share in zip(self.shares, shares, strict=True):
            beyond = (bounds.least - share).clamp(min=0) + (share - bounds.most).clamp(min=0)
            total = total + OF_SHARES * beyond.square()
        return total


def total_variation(probabilities: Tensor, amplitude: Tensor) -> Tensor:
    """Mean change of probabilities from trace to trace along reflectors.

    Parameters
    ----------
    probabilities : Tensor, shape (batch, n_classes, i, j, k)
    amplitude : Tensor, shape (batch, i, j, k)

    Returns
    -------
    Tensor, scalar
        Mean over both line directions, weighted by how alike the traces are there.
    """
    return mean_of(changes_between_traces(probabilities, amplitude))


def changes_between_traces(probabilities: Tensor, amplitude: Tensor) -> Tensor:
    """The same as two sums: of weighted changes, and of weights; shape (2,)."""
    changes, weights = probabilities.new_zeros(()), probabilities.new_zeros(())
    for axis in (1, 2):
        n = amplitude.shape[axis] - 1
        if n < 1:
            continue
        one, next_one = amplitude.narrow(axis, 0, n), amplitude.narrow(axis, 1, n)
        alike, lags = _followed(one, next_one)
        beside = probabilities.narrow(axis + 1, 1, n)
        there = _moved(lags)[:, None].expand_as(beside)
        change = probabilities.narrow(axis + 1, 0, n) - beside.gather(-1, there)
        changes = changes + (alike * change.abs().sum(dim=1)).sum()
        weights = weights + alike.sum()
    return torch.stack([changes, weights])


@torch.no_grad()
def _followed(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """How alike traces are where they are most, squared, and how far down that is in the other."""
    lags = range(-STEEPEST, STEEPEST + 1)
    shifted = [_taken(other, lag) for lag in lags]
    own = _mean(one * one)
    alike = torch.stack(
        [_mean(one * s) * (own * _mean(s * s)).clamp(min=LEAST).rsqrt() for s in shifted]
    )
    best, number = alike.max(dim=0)
    return best.clamp(min=0).square(), number - STEEPEST


def _moved(lags: Tensor) -> Tensor:
    """Index of the sample that lies so far down from each one."""
    n = lags.shape[-1]
    return (torch.arange(n, device=lags.device) + lags).clamp(0, n - 1)


def _taken(traces: Tensor, lag: int) -> Tensor:
    at = torch.arange(traces.shape[-1], device=traces.device) + lag
    return traces.index_select(-1, at.clamp(0, traces.shape[-1] - 1))


def _mean(values: Tensor) -> Tensor:
    """Running mean over a window of samples."""
    flat = values.reshape(-1, 1, values.shape[-1])
    mean = avg_pool1d(flat, WINDOW, 1, WINDOW // 2, count_include_pad=False)
    return mean.reshape(values.shape)
