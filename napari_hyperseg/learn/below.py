"""On which side of each boundary a sample lies, as a probability.

A boundary lies between two classes that follow each other; what is below it are all classes
of higher code.
"""

from __future__ import annotations

import torch

STEPS = 200  # of a probability from 0 to 1: half per cents, which a byte holds


def below_boundaries(probabilities: torch.Tensor) -> torch.Tensor:
    """P(at or below boundary b) = sum of P(class c) over c > b, from the deepest upwards.

    Parameters
    ----------
    probabilities : Tensor, shape (n_classes, i, j, k)
        Sum up to 1 over the classes; overwritten, as there may be gigabytes of them.

    Returns
    -------
    Tensor of uint8, shape (n_classes - 1, i, j, k)
        In half per cents; boundary b lies between classes of codes b + 1 and b + 2.
    """
    for upper in range(len(probabilities) - 2, 0, -1):
        probabilities[upper] += probabilities[upper + 1]
    return torch.stack([(p * STEPS).round_().clamp_(0, STEPS).byte() for p in probabilities[1:]])
