"""Layers stay within h^2 ||K||^2 < 4."""

import numpy as np
import pytest
import torch

from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.net.path import Stage, valley
from napari_hyperseg.net.stability import BOUND, StabilityGuard

FREQUENCIES = 24


def stiffness(net, kernel):
    """h^2 ||K||^2 by a singular value decomposition at many frequencies."""
    axes = tuple(range(2, kernel.ndim))
    sizes = [FREQUENCIES] * len(axes)
    symbol = np.fft.fftn(kernel.detach().numpy(), s=sizes, axes=axes)
    matrices = symbol.reshape(*kernel.shape[:2], -1).transpose(2, 0, 1)
    return net.config.step_size**2 * np.linalg.norm(matrices, ord=2, axis=(1, 2)).max() ** 2


@pytest.fixture
def net():
    torch.manual_seed(0)
    return HyperbolicNet(NetConfig(2, 3, width=4, path=valley((1, 1), (3, 5))))


def test_power_iteration_finds_the_norm(net):
    guard = StabilityGuard(net)
    for _ in range(50):
        found = guard.stiffness()
    for value, kernel in zip(found, net.kernels, strict=True):
        assert value == pytest.approx(stiffness(net, kernel), rel=0.12)
        assert value <= stiffness(net, kernel) * 1.001


@pytest.mark.parametrize("dimensions", [2, 3])
def test_kernels_that_grow_are_held(dimensions):
    axes = tuple(range(dimensions))
    net = HyperbolicNet(NetConfig(1, 2, path=(Stage(0, 2, 4),), dimensions=dimensions, axes=axes))
    guard = StabilityGuard(net)
    for _ in range(30):  # as an optimiser would: a little larger each time
        with torch.no_grad():
            for kernel in net.kernels:
                kernel.mul_(1.2)
        largest = guard.hold()
    assert largest > guard.limit  # it had something to do
    assert all(stiffness(net, kernel) < BOUND for kernel in net.kernels)


def test_kernels_within_the_bound_are_left_alone(net):
    before = [kernel.detach().clone() for kernel in net.kernels]
    assert StabilityGuard(net).hold() < BOUND
    for kernel, former in zip(net.kernels, before, strict=True):
        assert torch.equal(kernel, former)


def test_beyond_the_bound_states_explode_and_held_they_do_not():
    torch.manual_seed(0)
    config = NetConfig(1, 2, path=(Stage(0, 60, 4),))
    data = 1e-3 * torch.randn(1, 1, 8, 8, 8)
    wild, held = HyperbolicNet(config), HyperbolicNet(config)
    held.load_state_dict(wild.state_dict())
    with torch.no_grad():
        for kernel in [*wild.kernels, *held.kernels]:
            kernel.mul_(4)
    guard = StabilityGuard(held)
    for _ in range(10):
        guard.hold()
    largest = [net.propagate(data).position.abs().max().item() for net in (wild, held)]
    assert largest[0] > 20 * largest[1]
