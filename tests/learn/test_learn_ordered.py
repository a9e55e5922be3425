"""Where classes are layered, no class lies below one that belongs further down."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest
import torch

from napari_hyperseg.labels.order import ranks_of
from napari_hyperseg.learn.ordered import most_likely, ordered_ranks

ORDER = (3, 1, 4, 2)


def test_the_way_down_is_the_best_of_all(random):
    gains = random.normal(size=(4, 5, 6))
    ways = np.array(list(combinations_with_replacement(range(4), 6)))
    totals = gains[ways[:, None], np.arange(5)[:, None], np.arange(6)].sum(axis=-1)
    assert np.array_equal(ordered_ranks(gains), ways[totals.argmax(axis=0)])


@pytest.mark.parametrize("order", [(), ORDER])
def test_without_an_order_every_sample_is_for_itself(random, order):
    logits = torch.from_numpy(random.normal(size=(4, 3, 4, 30)))
    found = most_likely(logits, order)
    if not order:
        assert torch.equal(found, logits.argmax(dim=0))
        return
    assert (np.diff(ranks_of(order)[found.numpy() + 1].astype(int), axis=-1) >= 0).all()
    assert not torch.equal(found, logits.argmax(dim=0))


def test_traces_in_order_stay_as_they_are():
    codes = np.array(ORDER)[np.arange(40) // 10]
    logits = torch.zeros(4, 1, 2, 40)
    logits[codes - 1, 0, 0, np.arange(40)] = 1
    logits[codes[::-1] - 1, 0, 1, np.arange(40)] = 1
    found = most_likely(logits, ORDER).numpy() + 1
    assert np.array_equal(found[0, 0], codes)
    assert len(np.unique(found[0, 1])) < 4  # upside down: the rest cannot be had in order
