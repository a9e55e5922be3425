"""Cross-entropy on labelled voxels only, balanced between classes.

An unlabelled voxel is unknown, never a negative: it takes no part.  One of which is only known
between which classes it lies costs what all the others are given.
"""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from napari_hyperseg.labels.order import Order

LEAST_WEIGHT = 1e-12


def class_weights(counts: NDArray) -> Tensor:
    """Weight of each class: one over the square root of its share, mean one over labels.

    Parameters
    ----------
    counts : ndarray, shape (n_classes + 1,)
        Labelled voxels of each code; entry 0 is ignored.

    Returns
    -------
    Tensor of float32, shape (n_classes,)
        0 for a class without labels.
    """
    n = torch.as_tensor(counts[1:], dtype=torch.float32)
    weights = torch.where(n > 0, n.clamp(min=1).rsqrt(), torch.zeros_like(n))
    return weights * n.sum() / (weights * n).sum().clamp(min=1e-12)


def losses_within(logits: Tensor, limits: Tensor, order: Order) -> Tensor:
    """Cost of each voxel: less the logarithm of what is given to the classes that it may have.

    Parameters
    ----------
    logits : Tensor, shape (voxels, n_classes)
        By code, from 1.
    limits : Tensor of int64, shape (2, voxels)
        Least and most rank of each.
    order : tuple of int
        All codes from top to bottom.

    Returns
    -------
    Tensor, shape (voxels,)
    """
    places = _places(order, logits)
    least, most = limits
    if bool((least == most).all()):
        return cross_entropy(logits, places[least - 1], reduction="none")
    logits = logits[:, places]
    fitting = logits.masked_fill(~_fits(limits, len(order)), -torch.inf)
    return logits.logsumexp(dim=1) - fitting.logsumexp(dim=1)


def balanced_loss(
    logits: Tensor, limits: Tensor, order: Order, weights: Tensor, of_voxels: Tensor
) -> Tensor:
    """Weighted mean of the costs of labelled voxels.

    Parameters
    ----------
    logits, limits, order
        As for `losses_within`.
    weights : Tensor, shape (n_classes,)
        By code, from 1; a voxel that several fit has their mean.
    of_voxels : Tensor, shape (voxels,)
        Weights of the voxels, besides.

    Returns
    -------
    Tensor, scalar
        0 where there are no voxels.
    """
    return mean_of(balanced_sums(logits, limits, order, weights, of_voxels))


def balanced_sums(
    logits: Tensor, limits: Tensor, order: Order, weights: Tensor, of_voxels: Tensor
) -> Tensor:
    """The same as two sums, which add up over parts of a batch: of costs, and of their weights.

    Returns
    -------
    Tensor, shape (2,)
    """
    share = of_voxels * _mean_weights(weights[_places(order, weights)], limits)
    return torch.stack([(share * losses_within(logits, limits, order)).sum(), share.sum()])


def mean_of(sums: Tensor) -> Tensor:
    """The mean that a sum, and that of its weights, make; 0 where there are no weights."""
    total, weights = sums
    return total / weights.clamp(min=LEAST_WEIGHT)


def right(logits: Tensor, limits: Tensor, order: Order) -> Tensor:
    """Whether the largest logit of each voxel is that of a class that fits, shape (voxels,)."""
    ranks = logits.detach()[:, _places(order, logits)].argmax(dim=1) + 1
    least, most = limits
    return (ranks >= least) & (ranks <= most)


def _places(order: Order, beside: Tensor) -> Tensor:
    """Index of each rank's class, on the device of another tensor."""
    return torch.tensor(order, device=beside.device) - 1


def _mean_weights(by_rank: Tensor, limits: Tensor) -> Tensor:
    """Mean of the weights of the ranks that each voxel may have, shape (voxels,)."""
    least, most = limits
    upto = torch.cat([by_rank.new_zeros(1), by_rank.cumsum(0)])
    mean = (upto[most] - upto[least - 1]) / (most - least + 1)
    return torch.where(least == most, by_rank[least - 1], mean)


def _fits(limits: Tensor, n_classes: int) -> Tensor:
    """Which ranks each voxel may have, shape (voxels, n_classes)."""
    ranks = torch.arange(1, n_classes + 1, device=limits.device)
    least, most = limits[..., None]
    return (ranks >= least) & (ranks <= most)
