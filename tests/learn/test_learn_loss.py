"""Unlabelled voxels are unknown, and rare classes count."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from napari_hyperseg.learn.loss import accuracy, class_weights, weighted_cross_entropy


@pytest.fixture
def labelled():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(50, 3, generator=generator, dtype=torch.float64)
    return logits, torch.randint(1, 4, (50,), generator=generator)


def test_it_is_torchs_weighted_mean(labelled):
    logits, codes = labelled
    weights = torch.tensor([0.5, 1.0, 4.0], dtype=torch.float64)
    expected = cross_entropy(logits, codes - 1, weight=weights)
    assert weighted_cross_entropy(logits, codes, weights).item() == pytest.approx(expected.item())


def test_nothing_labelled_costs_nothing():
    logits = torch.zeros(0, 3, requires_grad=True)
    loss = weighted_cross_entropy(logits, torch.zeros(0, dtype=torch.int64), torch.ones(3))
    loss.backward()
    assert loss.item() == 0


def test_weights_go_with_one_over_the_root_of_the_share():
    weights = class_weights(np.array([999, 100, 400, 0]))
    assert weights[0] / weights[1] == pytest.approx(2)
    assert weights[2] == 0
    assert 100 * weights[0] + 400 * weights[1] == pytest.approx(500)


def test_accuracy_is_the_share_of_right_ones():
    logits = torch.tensor([[2.0, 0.0], [2.0, 0.0], [0.0, 2.0]])
    assert accuracy(logits, torch.tensor([1, 2, 2])) == pytest.approx(2 / 3)
    assert math.isnan(accuracy(logits[:0], torch.zeros(0, dtype=torch.int64)))
