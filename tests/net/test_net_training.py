"""Parameters are those of any module: accumulated, frozen, asked for one by one, autocast."""

import pytest
import torch
from plain_net import plain_logits

from napari_hyperseg.net.hyperbolic import valley


@pytest.fixture
def net_and_data(make_net, mode, run_in):
    """A network in every mode; float64, where there is no grid."""
    dtype = torch.float32 if mode == "exact" else torch.float64
    net = run_in(make_net(path=valley((1, 2), (3, 4)), dtype=dtype), mode)
    return net, torch.randn(2, 2, 4, 4, 6, dtype=dtype)


def loss_of(net, data):
    """Any number that depends on all logits."""
    return net(data).square().sum()


def plain_gradients(net, data):
    """Gradients by plain autograd, of all parameters."""
    copies = [p.detach().clone().requires_grad_() for p in net.parameters()]
    n = len(net.kernels)
    logits = plain_logits(net.config, copies[:n], copies[n:], data)
    return torch.autograd.grad(logits.square().sum(), copies)


def close(found, wanted, exact):
    """Compare relative to the largest value; a grid rounds."""
    tolerance = (1e-2 if exact else 1e-9) * wanted.abs().max().item()
    torch.testing.assert_close(found, wanted, rtol=0, atol=tolerance)


def test_gradients_accumulate(net_and_data):
    net, data = net_and_data
    loss_of(net, data).backward()
    once = [p.grad.clone() for p in net.parameters()]
    loss_of(net, data[:1]).backward()
    loss_of(net, data[1:]).backward()
    for parameter, gradient in zip(net.parameters(), once, strict=True):
        close(parameter.grad, 2 * gradient, exact=data.dtype == torch.float32)


FROZEN = {
    "some kernels": lambda net: list(net.kernels)[1::2],
    "all biases": lambda net: list(net.biases),
    "the first layers": lambda net: [*list(net.kernels)[:2], *list(net.biases)[:2]],
    "all but the last": lambda net: [*list(net.kernels)[:-1], *list(net.biases)[:-1]],
    "all but the first": lambda net: [*list(net.kernels)[1:], *list(net.biases)[1:]],
}


@pytest.mark.parametrize("which", FROZEN)
@pytest.mark.parametrize("data_too", [False, True], ids=["parameters", "data too"])
def test_frozen_parameters(net_and_data, mode, which, data_too):
    net, data = net_and_data
    wanted = plain_gradients(net, data)
    frozen = FROZEN[which](net)
    for parameter in frozen:
        parameter.requires_grad_(False)
    loss_of(net, data.requires_grad_(data_too)).backward()
    assert (data.grad is not None) == data_too
    for parameter, gradient in zip(net.parameters(), wanted, strict=True):
        if any(parameter is other for other in frozen):
            assert parameter.grad is None
        else:
            close(parameter.grad, gradient, mode == "exact")


def test_a_network_frozen_altogether(net_and_data):
    net, data = net_and_data
    net.requires_grad_(False)
    assert not net(data).requires_grad
    loss_of(net, data.requires_grad_()).backward()
    assert data.grad.abs().max() > 0
    assert all(p.grad is None for p in net.parameters())


def test_gradients_asked_for_one_by_one(net_and_data, mode):
    net, data = net_and_data
    wanted = plain_gradients(net, data)
    for index, parameter in enumerate(net.parameters()):
        (found,) = torch.autograd.grad(loss_of(net, data), parameter)
        close(found, wanted[index], mode == "exact")
    assert all(p.grad is None for p in net.parameters())


def test_steps_of_an_optimiser_lower_the_loss(net_and_data):
    net, data = net_and_data
    target = torch.randint(3, (2, 4, 4, 6))
    optimiser = torch.optim.Adam(net.parameters(), 2e-2)
    losses = []
    for _ in range(10):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(data), target)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.9 * losses[0]


def test_gradients_lie_in_memory_as_their_parameters_do(make_net, mode, run_in):
    """Otherwise accumulation and reduction copy them."""
    net = run_in(make_net(path=valley((1, 2), (3, 4)), dtype=torch.float32), mode)
    parameters = list(net.parameters())
    for gradient, parameter in zip(
        torch.autograd.grad(loss_of(net, torch.randn(1, 2, 8, 4, 4)), parameters),
        parameters,
        strict=True,
    ):
        assert gradient.stride() == parameter.stride()


def test_a_mask_without_voxels_has_no_gradient(net_and_data):
    net, data = net_and_data
    logits = net(data, torch.zeros(2, 4, 4, 6, dtype=torch.bool))
    assert logits.shape == (0, 3)
    logits.sum().backward()
    assert all(p.grad.count_nonzero() == 0 for p in net.parameters())


@pytest.mark.parametrize("how", ["autocast", "precision"])
@pytest.mark.parametrize("rows", [2, 4, 6])
def test_lower_precision_of_the_convolutions(make_net, mode, how, rows, run_in):
    """States, logits and gradients stay float32, near those of the full precision."""
    net = run_in(make_net(path=valley((1, 2), (3, 4)), dtype=torch.float32), mode)
    data = torch.randn(2, 2, rows, 4, 6)
    parameters = list(net.parameters())
    full = net(data)
    wanted = [full, *torch.autograd.grad(full.square().sum(), parameters)]
    if how == "precision":
        run_in(net, mode, precision="bf16")
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=how == "autocast"):
        logits = net(data)
    found = [logits, *torch.autograd.grad(logits.square().sum(), parameters)]
    for low, high in zip(found, wanted, strict=True):
        assert low.dtype == torch.float32
        distance = ((low - high).norm() / high.norm()).item()
        assert 1e-5 < distance < 0.03


def test_backward_within_autocast(make_net, run_in):
    """Where the forward pass computed in full precision, so does the backward pass."""
    net = run_in(make_net(path=valley((1, 2), (3, 4)), dtype=torch.float32), "reversible")
    data, parameters = torch.randn(1, 2, 4, 4, 4), list(net.parameters())
    wanted = torch.autograd.grad(loss_of(net, data), parameters)
    loss = loss_of(net, data)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = torch.autograd.grad(loss, parameters)
    for ours, theirs in zip(found, wanted, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)
