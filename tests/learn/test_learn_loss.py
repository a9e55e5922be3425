"""Unlabelled voxels are unknown, and rare classes count."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from napari_hyperseg.labels.order import ranks_of
from napari_hyperseg.learn.loss import balanced_loss, class_weights, losses_within, right

ORDER = (3, 1, 2)


@pytest.fixture
def labelled():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(50, 3, generator=generator, dtype=torch.float64)
    return logits, torch.randint(1, 4, (50,), generator=generator)


def exact(codes):
    ranks = torch.from_numpy(ranks_of(ORDER).astype(np.int64))[codes]
    return torch.stack([ranks, ranks])


def test_it_is_torchs_weighted_mean(labelled):
    logits, codes = labelled
    weights = torch.tensor([0.5, 1.0, 4.0], dtype=torch.float64)
    expected = cross_entropy(logits, codes - 1, weight=weights)
    found = balanced_loss(logits, exact(codes), ORDER, weights, torch.ones(50))
    assert found.item() == pytest.approx(expected.item())


def test_weights_of_voxels_count_besides(labelled):
    logits, codes = labelled
    half = torch.arange(50) % 2
    found = balanced_loss(logits, exact(codes), ORDER, torch.ones(3), half.double())
    expected = cross_entropy(logits[1::2], codes[1::2] - 1)
    assert found.item() == pytest.approx(expected.item())


def test_what_several_classes_are_given_adds_up(labelled):
    logits, _ = labelled
    given = logits.softmax(dim=1)
    limits = torch.tensor([[1], [2]]).expand(2, 50)  # of classes 3 and 1
    expected = -torch.log(given[:, 2] + given[:, 0])
    assert torch.allclose(losses_within(logits, limits, ORDER), expected)
    anything = torch.tensor([[1], [3]]).expand(2, 50)
    assert losses_within(logits, anything, ORDER).abs().max() < 1e-12


def test_a_boundary_is_a_binary_choice():
    """A voxel below the first of two boundaries pulls at both classes that are below it."""
    logits = torch.zeros(1, 3, requires_grad=True)
    losses_within(logits, torch.tensor([[2], [3]]), (1, 2, 3)).sum().backward()
    above, middle, below = logits.grad[0].tolist()
    assert above > 0
    assert middle == below < 0


def test_a_voxel_that_several_classes_fit_has_their_mean_weight():
    limits = torch.tensor([[1, 1], [2, 1]])
    weights = torch.tensor([1.0, 9.0, 3.0])  # by code: ranks have 3, 1 and 9
    logits = torch.randn(2, 3, generator=torch.Generator().manual_seed(0))
    first, second = losses_within(logits, limits, ORDER)
    expected = (2 * first + 3 * second) / 5
    assert balanced_loss(logits, limits, ORDER, weights, torch.ones(2)) == pytest.approx(expected)


def test_nothing_labelled_costs_nothing():
    logits = torch.zeros(0, 3, requires_grad=True)
    none = torch.zeros(2, 0, dtype=torch.int64)
    loss = balanced_loss(logits, none, ORDER, torch.ones(3), torch.zeros(0))
    loss.backward()
    assert loss.item() == 0


def test_weights_go_with_one_over_the_root_of_the_share():
    weights = class_weights(np.array([999, 100, 400, 0]))
    assert weights[0] / weights[1] == pytest.approx(2)
    assert weights[2] == 0
    assert 100 * weights[0] + 400 * weights[1] == pytest.approx(500)


def test_right_are_those_whose_largest_logit_fits():
    logits = torch.tensor([[2.0, 0.0, 1.0], [2.0, 0.0, 1.0], [0.0, 2.0, 1.0]])
    assert right(logits, exact(torch.tensor([1, 2, 2])), ORDER).tolist() == [True, False, True]
    either = torch.tensor([[1, 1, 1], [2, 2, 2]])  # codes 3 and 1
    assert right(logits, either, ORDER).tolist() == [True, True, False]
