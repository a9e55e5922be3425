"""The velocity form rounds less than the three-term form that it stands for."""

import pytest
import torch
from plain_net import plain_last_states, plain_leapfrog


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize(("step_size", "layers"), [(0.2, 60), (0.1, 150)])
def test_the_way_back_drifts_less(make_net, activation, step_size, layers):
    """In float32, over many layers of one level."""
    fields = {"activation": activation, "step_size": step_size, "path": ((0, layers, 4),)}
    net = make_net(dtype=torch.float32, width=4, **fields)
    data = torch.randn(1, 2, 6, 6, 6)
    lifted = data[:, [0, 1, 0, 1]]
    back = net.invert(net.propagate(data))
    ours = (back.position - lifted).norm()
    theirs = (plain_round_trip(net, data) - lifted).norm()
    assert 0 < ours < 0.6 * theirs
    assert theirs < 1e-2 * lifted.norm()  # neither has broken down


@torch.no_grad()
def plain_round_trip(net, data):
    """There by the three-term form, and back by it: previous = 2*current - next + h^2 f."""
    kernels, biases = list(net.kernels), list(net.biases)
    states = plain_last_states(net.config, kernels, biases, data)[::-1]
    for kernel, bias in zip(reversed(kernels), reversed(biases), strict=True):
        states = plain_leapfrog(net.config, states, kernel, bias)
    return states[0]
