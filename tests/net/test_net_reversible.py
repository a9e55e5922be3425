"""The laws of the chain as one function of data and parameters."""

import math

import pytest
import torch

from napari_hyperseg.net.hyperbolic import Stage, valley
from napari_hyperseg.net.state import State

TWO_LEVELS = valley((1, 2), (3, 4))
FIELDS = {
    "3d": ({}, (4, 6, 2)),
    "3d relu": ({"activation": "relu"}, (4, 2, 6)),
    "an axis left alone": ({"axes": (1, 2)}, (3, 4, 2)),
    "2d": ({"dimensions": 2, "axes": (0, 1)}, (6, 4)),
}


@pytest.fixture(params=FIELDS, ids=str)
def net_and_data(request, make_net):
    """A network, and data whose sizes are multiples."""
    fields, spatial = FIELDS[request.param]
    net = make_net(**{"path": TWO_LEVELS, **fields})
    return net, torch.randn(2, 2, *spatial, dtype=torch.float64)


@pytest.mark.parametrize("scratch_bytes", [1, None])
def test_inverse_recovers_the_lifted_data(net_and_data, scratch_bytes, run_in):
    net, data = net_and_data
    run_in(net, "reversible", scratch_bytes=scratch_bytes)
    end = net.propagate(data)
    assert (end.position - end.velocity).abs().max() > 0.1
    state = net.invert(end)
    torch.testing.assert_close(state.position, data[:, [0, 1, 0, 1]], rtol=0, atol=1e-12)
    torch.testing.assert_close(state.velocity, torch.zeros_like(state.velocity), rtol=0, atol=1e-12)


def test_inversion_stays_in_the_memory_of_the_state(net_and_data):
    net, data = net_and_data
    end = net.propagate(data)
    state = net.invert(State(*end))
    assert [t.data_ptr() for t in state] == [t.data_ptr() for t in end]


def test_dot_product_of_the_linearised_network_and_its_adjoint(net_and_data, float_mode, run_in):
    """<J v, w> = <v, J^T w>, with J v by a central difference."""
    net, data = net_and_data
    run_in(net, float_mode, scratch_bytes=1)
    data, v = data.requires_grad_(), torch.randn_like(data)
    logits = net(data)
    w = torch.randn_like(logits)
    (pulled,) = torch.autograd.grad(logits, data, w)
    h = 1e-5 if net.config.activation == "tanh" else 1e-8  # no kink that near
    with torch.no_grad():
        pushed = (net(data + h * v) - net(data - h * v)) / (2 * h)
    torch.testing.assert_close((pushed * w).sum(), (v * pulled).sum(), rtol=1e-6, atol=1e-6)


def test_taylor_remainder_falls_with_the_square_of_the_step(make_net, float_mode, run_in):
    """In a direction that moves the data and every parameter."""
    net = run_in(make_net(path=TWO_LEVELS), float_mode)
    leaves = [torch.randn(1, 2, 4, 4, 2, dtype=torch.float64).requires_grad_(), *net.parameters()]
    loss = net(leaves[0]).square().sum()
    direction = [torch.randn_like(leaf) for leaf in leaves]
    gradients = torch.autograd.grad(loss, leaves)
    slope = sum((g * d).sum() for g, d in zip(gradients, direction, strict=True))

    @torch.no_grad()
    def remainder(h):
        for leaf, d in zip(leaves, direction, strict=True):
            leaf.add_(h * d)
        moved = net(leaves[0]).square().sum()
        for leaf, d in zip(leaves, direction, strict=True):
            leaf.sub_(h * d)
        return abs(moved - loss - h * slope).item()

    orders = [math.log2(remainder(h) / remainder(h / 2)) for h in (4e-4, 2e-4, 1e-4)]
    assert orders == pytest.approx([2, 2, 2], abs=0.1)


def test_data_are_left_as_they_are(net_and_data, mode, run_in):
    net, data = net_and_data
    data = data.float()
    run_in(net.float(), mode)
    before = data.clone()
    net(data.requires_grad_()).sum().backward()
    assert torch.equal(data.detach(), before)


@pytest.mark.parametrize("path", [((0, 0, 1),), ((0, 0, 1), (1, 0, 1), (0, 0, 1))], ids=str)
def test_a_chain_without_layers_hands_the_data_through(make_net, mode, path, run_in):
    net = run_in(make_net(path=path, dtype=torch.float32), mode)
    data = torch.randn(2, 2, 4, 4, 6).requires_grad_()
    logits = net(data)
    torch.testing.assert_close(logits, data[:, [0, 1, 0]], rtol=0, atol=1e-3)
    logits.sum().backward()
    wanted = torch.tensor([2.0, 1.0])[:, None, None, None].expand_as(data)
    torch.testing.assert_close(data.grad, wanted)


def test_a_second_derivative_is_refused(make_net):
    net = make_net(path=(Stage(0, 1, 2),))
    data = torch.randn(1, 2, 3, 3, 3, dtype=torch.float64).requires_grad_()
    (first,) = torch.autograd.grad(net(data).square().sum(), data, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        first.sum().backward()
