import pytest
import torch

from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig


@pytest.mark.parametrize("spatial", [(8, 8, 8), (13, 9, 10), (1, 7, 5), (4, 1, 1)])
def test_any_volume_shape(make_net, spatial):
    logits = make_net()(torch.randn(2, 2, *spatial, dtype=torch.float64))
    assert logits.shape == (2, 3, *spatial)


def test_padding_does_not_change_what_fits_already(make_net):
    net, data = make_net(), torch.randn(1, 2, 8, 8, 8, dtype=torch.float64)
    lifted = net.lift(data)
    expected = net.propagate(lifted).current[:, :3]
    torch.testing.assert_close(net(data), expected)


def test_lift_repeats_the_channels(make_net):
    data = torch.randn(1, 2, 4, 4, 4, dtype=torch.float64)
    state = make_net(width=5).lift(data)
    torch.testing.assert_close(state.current, data[:, [0, 1, 0, 1, 0]])
    torch.testing.assert_close(state.previous, state.current)


def test_the_input_can_be_recovered_from_the_output(make_net):
    net = make_net()
    state = net.lift(torch.randn(1, 2, 8, 8, 8, dtype=torch.float64))
    recovered = net.invert(net.propagate(state))
    torch.testing.assert_close(recovered.current, state.current, rtol=1e-11, atol=1e-11)


def test_every_parameter_gets_a_gradient(make_net):
    net = make_net()
    net(torch.randn(1, 2, 8, 8, 8, dtype=torch.float64)).pow(2).sum().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in net.parameters())


def test_gradients_accumulate(make_net):
    net, data = make_net(), torch.randn(1, 2, 8, 8, 8, dtype=torch.float64)
    net(data).pow(2).sum().backward()
    once = [p.grad.clone() for p in net.parameters()]
    net(data).pow(2).sum().backward()
    for parameter, gradient in zip(net.parameters(), once, strict=True):
        torch.testing.assert_close(parameter.grad, 2 * gradient)


def test_levels_are_walked_down_and_up():
    net = HyperbolicNet(NetConfig(1, 2, layers=(1, 0, 2), hidden=(2, 2, 2)))
    kinds = [type(step).__name__.removesuffix("Step") for step in net.steps]
    assert kinds == [
        "Leapfrog", "Haar", "Haar", "Leapfrog", "Leapfrog", "Haar", "Haar", "Leapfrog",
    ]  # fmt: skip
    assert [k.shape[1] for k in net.kernels] == [8, 512, 512, 8]


def test_a_width_too_small_is_refused():
    with pytest.raises(ValueError, match="width of 4 is too small"):
        NetConfig(in_channels=2, n_classes=6, width=4)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_gpu_and_cpu_agree(make_net):
    net, data = make_net(), torch.randn(2, 2, 9, 8, 7, dtype=torch.float64)
    expected = net(data)
    expected.pow(2).sum().backward()
    gradients = [p.grad.clone() for p in net.parameters()]
    net.zero_grad()
    net.cuda()
    found = net(data.cuda())
    found.pow(2).sum().backward()
    torch.testing.assert_close(found.cpu(), expected)
    for parameter, gradient in zip(net.parameters(), gradients, strict=True):
        torch.testing.assert_close(parameter.grad.cpu(), gradient)
