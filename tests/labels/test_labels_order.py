"""Order of classes: codes and ranks are two names of one thing."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from napari_hyperseg.labels.order import codes_of, order_of, ranks_of

CODES = np.arange(256, dtype=np.uint8)


@pytest.mark.parametrize("order", [(), *permutations(range(1, 5))])
def test_ranks_and_codes_undo_each_other(order):
    assert np.array_equal(codes_of(order)[ranks_of(order)], CODES)
    assert np.array_equal(ranks_of(order)[codes_of(order)], CODES)
    assert ranks_of(order).dtype == codes_of(order).dtype == np.uint8


@pytest.mark.parametrize("n_classes", [1, 4, 255])
def test_as_they_are_numbered_nothing_changes(n_classes):
    order = tuple(range(1, n_classes + 1))
    assert np.array_equal(ranks_of(order), CODES)
    assert np.array_equal(codes_of(order), CODES)


def test_ranks_count_from_the_top_and_leave_the_rest_alone():
    ranks = ranks_of((3, 1, 2))
    assert ranks[[0, 3, 1, 2, 4, 255]].tolist() == [0, 1, 2, 3, 4, 255]


@pytest.mark.parametrize(
    ("codes", "n_classes", "order"),
    [
        ((), 3, (1, 2, 3)),
        ((3, 1, 2), 3, (3, 1, 2)),
        ((3, 1, 2), 5, (3, 1, 2, 4, 5)),
        ((5, 3, 4, 1, 2), 3, (3, 1, 2)),
        ((2,), 3, (2, 1, 3)),
    ],
)
def test_an_order_fits_any_number_of_classes(codes, n_classes, order):
    assert order_of(codes, n_classes) == order
