"""Cross-entropy on labelled voxels only, balanced between classes.

An unlabelled voxel is unknown, never a negative: it takes no part.
"""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy


def class_weights(counts: NDArray) -> Tensor:
    """Weight of each class: one over the square root of its share, mean one over labels.

    Parameters
    ----------
    counts : ndarray of int, shape (n_classes + 1,)
        Labelled voxels of each code; entry 0 is ignored.

    Returns
    -------
    Tensor of float32, shape (n_classes,)
        0 for a class without labels.
    """
    n = torch.as_tensor(counts[1:], dtype=torch.float32)
    weights = torch.where(n > 0, n.clamp(min=1).rsqrt(), torch.zeros_like(n))
    return weights * n.sum() / (weights * n).sum().clamp(min=1e-12)


def weighted_cross_entropy(
    logits: Tensor, codes: Tensor, weights: Tensor, of_voxels: Tensor | None = None
) -> Tensor:
    """Weighted mean of the cross-entropy over labelled voxels.

    Parameters
    ----------
    logits : Tensor, shape (voxels, n_classes)
    codes : Tensor of int64, shape (voxels,)
        Class c has code c + 1.
    weights : Tensor, shape (n_classes,)
    of_voxels : Tensor, shape (voxels,), optional
        Weights of the voxels, besides.

    Returns
    -------
    Tensor, scalar
        0 where there are no voxels.
    """
    target = codes - 1
    share = weights[target] if of_voxels is None else weights[target] * of_voxels
    total = (share * cross_entropy(logits, target, reduction="none")).sum()
    return total / share.sum().clamp(min=1e-12)


def accuracy(logits: Tensor, codes: Tensor) -> float:
    """Share of the voxels whose largest logit is the right one; NaN without any."""
    return float((logits.detach().argmax(dim=1) == codes - 1).float().mean())
