"""The order of classes from top to bottom, and what it makes of facies codes.

A class keeps its code for life, so codes say nothing about depth: where classes are intervals,
their order is the legend's.  Its place in the order, counted from 1, is a class's rank; what
looks at boundaries between intervals looks at ranks.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Order = tuple[int, ...]
"""Codes 1 to n from top to bottom; empty where nothing is said: as they are numbered."""

_CODES = 256


def order_of(codes: Iterable[int], n_classes: int) -> Order:
    """Return the codes 1 to `n_classes` from top to bottom.

    Parameters
    ----------
    codes : iterable of int
        Of a legend, which may have fewer or more classes: what it lacks lies below the others,
        as it is numbered.
    n_classes : int
        How many there are, of a model or a prediction.
    """
    known = [code for code in codes if code <= n_classes]
    return (*known, *(code for code in range(1, n_classes + 1) if code not in known))


def ranks_of(order: Order) -> NDArray[np.uint8]:
    """Return the table that turns codes into ranks, shape (256,): ``ranks_of(order)[codes]``.

    0 stays 0, and a code beyond the order stays what it is.
    """
    ranks = np.arange(_CODES, dtype=np.uint8)
    ranks[list(order)] = np.arange(1, len(order) + 1)
    return ranks


def codes_of(order: Order) -> NDArray[np.uint8]:
    """Return the table that turns ranks into codes, shape (256,); undoes `ranks_of`."""
    codes = np.arange(_CODES, dtype=np.uint8)
    codes[1 : len(order) + 1] = order
    return codes
