"""The network as a module: shapes, parameters, copies, files."""

import copy

import pytest
import torch

from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig, valley
from napari_hyperseg.net.modes import Mode

TWO_LEVELS = valley((1, 2), (3, 4))


@pytest.mark.parametrize("spatial", [(8, 8, 8), (13, 9, 10), (1, 7, 5), (4, 1, 1)])
def test_any_volume_shape(make_net, spatial):
    logits = make_net()(torch.randn(2, 2, *spatial, dtype=torch.float64))
    assert logits.shape == (2, 3, *spatial)
    assert logits.isfinite().all()


def test_padding_does_not_change_what_fits_already(make_net):
    net, data = make_net(), torch.randn(1, 2, 8, 4, 4, dtype=torch.float64)
    torch.testing.assert_close(net(data), net.propagate(data).position[:, :3])


def test_sizes_that_do_not_fit_are_those_of_the_padded_data(make_net):
    net, data = make_net(), torch.randn(1, 2, 7, 4, 4, dtype=torch.float64)
    longer = torch.cat([data, data[:, :, -1:]], dim=2)
    torch.testing.assert_close(net(data), net(longer)[:, :, :7])


def test_logits_without_gradients_are_the_same(make_net, mode, run_in):
    net = run_in(make_net(dtype=torch.float32, path=TWO_LEVELS), mode)
    data = torch.randn(1, 2, 5, 4, 6)
    wanted = net(data)
    assert wanted.requires_grad
    for without in (torch.no_grad, torch.inference_mode):
        with without():
            logits = net(data)
        assert not logits.requires_grad
        torch.testing.assert_close(logits, wanted, rtol=0, atol=0)


def test_logits_are_the_same_again_and_in_evaluation(make_net, mode, run_in):
    net = run_in(make_net(dtype=torch.float32, path=TWO_LEVELS), mode)
    data = torch.randn(1, 2, 5, 4, 6)
    wanted = net.train()(data).detach()
    torch.testing.assert_close(net.eval()(data).detach(), wanted, rtol=0, atol=0)
    net(data).square().sum().backward()
    torch.testing.assert_close(net.train()(data).detach(), wanted, rtol=0, atol=0)


def test_every_parameter_gets_a_gradient(make_net):
    net = make_net()
    net(torch.randn(1, 2, 8, 8, 8, dtype=torch.float64)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in net.parameters())


def test_parameters_follow_the_path():
    net = HyperbolicNet(NetConfig(1, 2, path=valley((1, 0, 2), (2, 3, 4))))
    kinds = [type(step).__name__.removesuffix("Step") for step in net.steps]
    assert kinds == ["Leapfrog", *["Haar"] * 2, *["Leapfrog"] * 2, *["Haar"] * 2, "Leapfrog"]
    assert [tuple(k.shape[:2]) for k in net.kernels] == [(2, 8), (4, 512), (4, 512), (2, 8)]
    assert [len(b) for b in net.biases] == [2, 4, 4, 2]


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 3, 8, 8, 8), r"\(1, 3, 8, 8, 8\) do not fit: give \(batch, 2 channels, 3 spatial"),
        ((2, 8, 8, 8), "do not fit"),
    ],
)
def test_data_that_do_not_fit_are_refused(make_net, shape, message):
    with pytest.raises(ValueError, match=message):
        make_net()(torch.randn(shape, dtype=torch.float64))


def test_double_precision_on_a_grid_is_refused(make_net, run_in):
    with pytest.raises(ValueError, match=r"Exact mode needs float32 data, not torch\.float64"):
        run_in(make_net(), "exact")(torch.randn(1, 2, 4, 4, 4, dtype=torch.float64))


def test_values_beyond_the_grid_are_refused(make_net, run_in):
    net = run_in(make_net(dtype=torch.float32), "exact")
    for value in (1e6, -1e6, float("nan")):
        data = torch.randn(1, 2, 4, 4, 4)
        data[0, 1, 2, 3, 0] = value
        with pytest.raises(ValueError, match=r"are beyond .*grid ends. Scale the data, or choose"):
            net(data)
    assert run_in(net, "exact", grid_step=2.0**-6)(1e5 * data.nan_to_num(0)).isfinite().all()


@pytest.mark.parametrize(
    "where",
    [
        torch.ones(2, dtype=torch.bool),
        torch.ones(2, 4, 4, dtype=torch.bool),
        torch.ones(2, 4, 4, 5, dtype=torch.bool),
        torch.ones(2, 4, 4, 4, dtype=torch.uint8),
    ],
    ids=lambda where: f"{tuple(where.shape)} {where.dtype}",
)
def test_a_mask_that_does_not_fit_is_refused(make_net, where):
    data = torch.randn(2, 2, 4, 4, 4, dtype=torch.float64)
    with pytest.raises(ValueError, match=r"give a mask of bool of shape \(2, 4, 4, 4\)"):
        make_net()(data, where)


def test_state_dict_round_trip(make_net):
    net, other = make_net(seed=1), make_net(seed=2)
    data = torch.randn(1, 2, 4, 4, 4, dtype=torch.float64)
    assert not torch.equal(net(data), other(data))
    assert list(net.state_dict()) == [n for n, _ in net.named_parameters()]
    other.load_state_dict(net.state_dict())
    assert torch.equal(net(data), other(data))


def test_a_deep_copy_lives_on_its_own(make_net, mode, run_in):
    net = run_in(make_net(dtype=torch.float32, path=TWO_LEVELS), mode)
    data, twin = torch.randn(1, 2, 4, 4, 4), copy.deepcopy(net)
    assert str(twin.monitor.mode) == mode
    assert torch.equal(net(data), twin(data))
    before = net(data).detach()
    twin(data).square().sum().backward()
    assert all(p.grad is None for p in net.parameters())
    with torch.no_grad():
        twin.kernels[0].mul_(2)
    assert torch.equal(net(data), before)
    assert not torch.equal(twin(data), before)


def test_setting_the_execution_begins_a_new_monitor(make_net):
    net = make_net()
    assert net.execution == Execution()
    old = net.monitor
    net.execution = Execution("checkpoint(3)")
    assert net.monitor is not old
    assert net.monitor.mode == Mode("checkpoint", 3)
