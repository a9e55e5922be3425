"""Steepest descent in the spectral norm: every direction counts the same."""

from __future__ import annotations

import pytest
import torch

from napari_hyperseg.learn.optimiser import SpectralDescent, orthogonalised


@pytest.fixture
def kernel():
    generator = torch.Generator().manual_seed(0)
    return torch.randn(4, 6, 3, 3, 3, generator=generator)


def singular_values(kernel):
    return torch.linalg.svdvals(kernel.reshape(len(kernel), -1).double())


def test_all_singular_values_become_one(kernel):
    kernel[0] *= 50
    direction = orthogonalised(kernel)
    assert direction.shape == kernel.shape
    assert direction.dtype == kernel.dtype
    assert singular_values(direction) == pytest.approx([1] * 4, abs=1e-5)
    assert (direction * kernel).sum() == pytest.approx(float(singular_values(kernel).sum()))


def test_the_length_of_a_gradient_does_not_matter(kernel):
    assert torch.allclose(orthogonalised(1e-4 * kernel), orthogonalised(kernel), atol=1e-6)


def test_directions_without_signal_stay_still(kernel):
    kernel[2] = 0
    kernel[3] = kernel[1]
    values = singular_values(orthogonalised(kernel))
    assert values == pytest.approx([1, 1, 0, 0], abs=1e-3)
    assert (orthogonalised(torch.zeros_like(kernel)) == 0).all()


def test_a_bias_counts_as_one_row():
    bias = torch.tensor([3.0, -4.0])
    assert torch.allclose(orthogonalised(bias), torch.tensor([0.6, -0.8]))


def test_a_step_moves_a_kernel_by_the_learning_rate(kernel):
    parameter = torch.nn.Parameter(kernel.clone())
    optimiser = SpectralDescent([parameter], lr=0.05)
    parameter.grad = torch.randn(kernel.shape, generator=torch.Generator().manual_seed(1))
    optimiser.step()
    assert singular_values(parameter.detach() - kernel) == pytest.approx([0.05] * 4, abs=1e-6)


def test_it_comes_near_a_minimum_and_passes_over_what_has_no_gradient(kernel):
    target, parameter = kernel, torch.nn.Parameter(torch.zeros_like(kernel))
    idle = torch.nn.Parameter(torch.ones(2))
    optimiser = SpectralDescent([parameter, idle], lr=2.0)
    for step in range(60):
        optimiser.param_groups[0]["lr"] = 2.0 * 0.9**step
        optimiser.zero_grad()
        (parameter - target).square().sum().backward()
        optimiser.step()
    assert (parameter - target).norm() < 0.1 * target.norm()
    assert (idle == 1).all()
