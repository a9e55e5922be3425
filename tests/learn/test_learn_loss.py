"""Unlabelled voxels are unknown, and rare classes count."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from napari_hyperseg.learn.loss import accuracy, class_weights, masked_cross_entropy


@pytest.fixture
def batch():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 3, 4, 5, 6, generator=generator, dtype=torch.float64)
    codes = torch.randint(0, 4, (2, 4, 5, 6), generator=generator)
    return logits, codes


def test_an_unlabelled_voxel_has_no_gradient_and_no_say(batch):
    logits, codes = batch
    weights = torch.ones(3, dtype=torch.float64)
    logits.requires_grad_()
    loss = masked_cross_entropy(logits, codes, weights)
    loss.backward()
    magnitude = logits.grad.abs().amax(dim=1)
    assert (magnitude[codes == 0] == 0).all()
    assert (magnitude[codes > 0] > 0).all()
    changed = logits.detach().clone()
    changed.movedim(1, -1)[codes == 0] = 1e3
    assert masked_cross_entropy(changed, codes, weights) == pytest.approx(loss.item())


def test_it_is_torchs_weighted_mean_over_the_labelled(batch):
    logits, codes = batch
    weights = torch.tensor([0.5, 1.0, 4.0], dtype=torch.float64)
    expected = cross_entropy(logits, codes - 1, weight=weights, ignore_index=-1)
    assert masked_cross_entropy(logits, codes, weights).item() == pytest.approx(expected.item())


def test_nothing_labelled_costs_nothing(batch):
    logits, codes = batch
    logits.requires_grad_()
    loss = masked_cross_entropy(logits, torch.zeros_like(codes), torch.ones(3).double())
    loss.backward()
    assert loss.item() == 0
    assert (logits.grad == 0).all()


def test_weights_go_with_one_over_the_root_of_the_share():
    weights = class_weights(np.array([999, 100, 400, 0]))
    assert weights[0] / weights[1] == pytest.approx(2)
    assert weights[2] == 0
    assert 100 * weights[0] + 400 * weights[1] == pytest.approx(500)


def test_accuracy_is_over_labelled_voxels():
    logits = torch.tensor([[[2.0, 2.0, 0.0, 0.0], [0.0, 0.0, 2.0, 2.0]]])
    codes = torch.tensor([[1, 2, 2, 0]])
    assert accuracy(logits, codes) == pytest.approx(2 / 3)
