"""On which side of each boundary a sample lies, as a probability.

A boundary lies between two classes that follow each other in the interpreter's order.
"""

from __future__ import annotations

from itertools import pairwise

import torch

from napari_hyperseg.labels.order import Order

STEPS = 200  # of a probability from 0 to 1: half per cents, which a byte holds


def below_boundaries(probabilities: torch.Tensor, order: Order) -> torch.Tensor:
    """P(at or below boundary b) = sum of P(class r) over ranks r > b, from the deepest upwards.

    Parameters
    ----------
    probabilities : Tensor, shape (n_classes, i, j, k)
        By code, from 1; sum up to 1 over the classes.  Overwritten, as there may be gigabytes.
    order : tuple of int
        All codes, from top to bottom.

    Returns
    -------
    Tensor of uint8, shape (n_classes - 1, i, j, k)
        In half per cents; boundary b lies between the classes of ranks b + 1 and b + 2.
    """
    places = [code - 1 for code in order]
    for upper, lower in reversed([*pairwise(places[1:])]):
        probabilities[upper] += probabilities[lower]
    sides = (probabilities[place] for place in places[1:])
    return torch.stack([(p * STEPS).round_().clamp_(0, STEPS).byte() for p in sides])
