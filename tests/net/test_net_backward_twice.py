"""The graph may be kept: a second backward pass finds the state where the first left it."""

from contextlib import nullcontext

import pytest
import torch

from napari_hyperseg.net.hyperbolic import valley


def cloned():
    """Saved tensors are kept as copies, like those moved to other memory."""
    return torch.autograd.graph.saved_tensors_hooks(torch.clone, torch.clone)


KEEPING = {
    "as they are": nullcontext,
    "on the cpu": torch.autograd.graph.save_on_cpu,
    "cloned": cloned,
}


@pytest.fixture
def net_and_data(make_net, mode, run_in):
    """A network in every mode; float64, where there is no grid."""
    dtype = torch.float32 if mode == "exact" else torch.float64
    net = run_in(make_net(path=valley((1, 2), (3, 4)), dtype=dtype), mode)
    return net, torch.randn(2, 2, 4, 4, 6, dtype=dtype)


@pytest.mark.parametrize("keeping", KEEPING)
def test_backward_twice(net_and_data, keeping):
    net, data = net_and_data
    leaves = [data.requires_grad_(), *net.parameters()]
    with KEEPING[keeping]():
        loss = net(data).square().sum()
    first = torch.autograd.grad(loss, leaves, retain_graph=True)
    second = torch.autograd.grad(loss, leaves, retain_graph=True)
    third = torch.autograd.grad(loss, leaves)
    for one, two, three in zip(first, second, third, strict=True):
        torch.testing.assert_close(two, one, rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(three, one, rtol=1e-9, atol=1e-9)


def test_one_loss_after_the_other(net_and_data):
    """Two losses of the same logits are the loss of their sum."""
    net, data = net_and_data
    logits = net(data)
    logits.square().sum().backward(retain_graph=True)
    logits.sin().sum().backward()
    apart = [p.grad.clone() for p in net.parameters()]
    net.zero_grad()
    logits = net(data)
    (logits.square() + logits.sin()).sum().backward()
    for parameter, gradient in zip(net.parameters(), apart, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, rtol=1e-4, atol=1e-4)


def test_some_gradients_now_and_others_later(net_and_data):
    """The first pass stops where nothing before it is asked for."""
    net, data = net_and_data
    wanted = torch.autograd.grad(net(data).square().sum(), list(net.parameters()))
    loss = net(data).square().sum()
    kernels, biases = list(net.kernels), list(net.biases)
    late = torch.autograd.grad(loss, [kernels[-1], biases[-1]], retain_graph=True)
    all_of_them = torch.autograd.grad(loss, [*kernels, *biases])
    torch.testing.assert_close(late, (wanted[len(kernels) - 1], wanted[-1]), rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(all_of_them, wanted, rtol=1e-9, atol=1e-9)


def test_a_graph_that_was_not_kept_is_gone(net_and_data):
    net, data = net_and_data
    loss = net(data).square().sum()
    loss.backward()
    with pytest.raises(RuntimeError, match="second time"):
        loss.backward()


def test_two_passes_at_once_do_not_disturb_each_other(net_and_data):
    net, data = net_and_data
    other = torch.randn_like(data)
    parameters = list(net.parameters())
    wanted = [torch.autograd.grad(net(d).square().sum(), parameters) for d in (data, other)]
    losses = [net(d).square().sum() for d in (data, other)]
    for loss, gradients in zip(reversed(losses), reversed(wanted), strict=True):
        torch.testing.assert_close(torch.autograd.grad(loss, parameters), gradients)


def test_weights_changed_between_the_passes_are_noticed(net_and_data):
    """Autograd refuses parameters that are not those of the forward pass."""
    net, data = net_and_data
    loss = net(data).square().sum()
    with torch.no_grad():
        net.kernels[0].add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()
