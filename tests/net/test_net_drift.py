"""Errors of recomputed states are noticed, and the mode changes before they matter."""

import math

import pytest
import torch

from napari_hyperseg.net.drift import Distance, DriftMonitor, distance
from napari_hyperseg.net.hyperbolic import valley
from napari_hyperseg.net.modes import Mode

LOGGER = "napari_hyperseg.net.drift"


@pytest.fixture
def make_growing(make_net, run_in):
    """Build a float32 network whose waves grow, and rounding errors with them."""

    def make(mode, scale):
        path = valley((4, 8), (4, 4))
        net = make_net(dtype=torch.float32, path=path, step_size=1.0, activation="relu")
        with torch.no_grad():
            for kernel in net.kernels:
                kernel.mul_(scale)
        run_in(net, mode).monitor.warn = told.append
        return net

    told = []
    make.told = told
    return make


def train_once(net, data):
    """Run both passes; return the gradients."""
    net.zero_grad()
    net(data).square().mean().backward()
    return torch.cat([p.grad.flatten() for p in net.parameters()])


def relative(found, wanted):
    """Relative distance of gradients."""
    return ((found - wanted).norm() / wanted.norm()).item()


def test_a_healthy_network_keeps_its_mode(make_net, run_in):
    for mode in ("reversible", "checkpoint(2)"):
        net = run_in(make_net(dtype=torch.float32), mode)
        assert math.isnan(net.monitor.error)
        train_once(net, torch.randn(1, 2, 8, 4, 4))
        assert 0 < net.monitor.error < 1e-5
        assert net.monitor.usable
        assert str(net.monitor.mode) == mode


def test_the_error_is_that_of_the_reconstructed_data(make_net):
    net, data = make_net(dtype=torch.float32), torch.randn(2, 2, 4, 8, 4)
    back = net.invert(net.propagate(data))
    lifted = data[:, [0, 1, 0, 1]]
    squared = (back.position - lifted).square().sum() + back.velocity.square().sum()
    wanted = (squared / lifted.square().sum()).sqrt().item()
    train_once(net, data)
    assert net.monitor.error == pytest.approx(wanted, rel=1e-3)


@pytest.mark.parametrize("blank", [0.0, 1e-20])
def test_a_blank_volume_is_no_alarm(make_net, blank):
    """Biases set the wave going; the data that it goes back to are nearly nothing."""
    net = make_net(dtype=torch.float32)
    train_once(net, torch.full((1, 2, 8, 4, 4), blank))
    assert net.monitor.usable
    assert str(net.monitor.mode) == "reversible"


def test_growing_errors_shorten_the_interval_until_gradients_are_right(make_growing, run_in):
    net, data = make_growing("reversible", 3.0), torch.randn(1, 2, 4, 4, 4)
    wanted = train_once(run_in(make_growing("store", 3.0), "store"), data)
    modes, errors = [], []
    for _ in range(6):
        modes.append(str(net.monitor.mode))
        errors.append(relative(train_once(net, data), wanted))
    assert modes[:4] == ["reversible", "checkpoint(8)", "checkpoint(4)", "checkpoint(2)"]
    assert len(make_growing.told) == len(set(modes)) - 1
    assert modes[-2] == modes[-1]
    assert net.monitor.error < 1e-3
    assert not errors[0] < 0.5
    assert errors[-1] < 1e-2


def test_what_changes_is_told_in_one_line(make_growing):
    net = make_growing("reversible", 3.0)
    train_once(net, torch.randn(1, 2, 4, 4, 4))
    (line,) = make_growing.told
    assert "\n" not in line
    assert "from reversible to checkpoint(8), which needs more memory" in line
    assert f"off by {net.monitor.error:.1e}" in line


def test_by_default_the_log_is_told(make_net, caplog):
    monitor = make_net().monitor
    with caplog.at_level("WARNING", LOGGER):
        monitor.settle(Mode("reversible"), 0.5)
    (record,) = caplog.records
    assert "from reversible to checkpoint(4)" in record.getMessage()


def test_hopeless_gradients_are_not_usable(make_growing):
    net, data = make_growing("reversible", 3.0), torch.randn(1, 2, 4, 4, 4)
    train_once(net, data)
    assert net.monitor.error > 1
    assert not net.monitor.usable


def test_weights_changed_unseen_in_exact_mode_end_it(make_growing, run_in):
    """The smallest difference counts, where there should be none."""
    net, data = make_growing("exact", 1.0), torch.randn(1, 2, 4, 4, 4)
    train_once(net, data)
    assert net.monitor.error == 0
    loss = net(data).square().mean()
    net.kernels[0].data[0, 0] += 1e-3
    loss.backward()
    assert 0 < net.monitor.error < 1e-2
    assert net.monitor.mode == Mode("checkpoint", 8)
    assert "from exact to checkpoint(8)" in make_growing.told[0]
    found = train_once(net, data)
    assert relative(found, train_once(run_in(net, "store"), data)) < 1e-3


def test_the_shortest_interval_stays():
    told = []
    monitor = DriftMonitor(Mode("checkpoint", 2), 10, told.append)
    for _ in range(3):
        monitor.settle(monitor.mode, 1.0)
    assert monitor.mode == Mode("checkpoint", 1)
    assert len(told) == 1


def test_intervals_are_halved_and_rounded_up():
    monitor, seen = DriftMonitor(Mode("reversible"), 11, lambda line: None), []
    for _ in range(5):
        monitor.settle(monitor.mode, 1.0)
        seen.append(str(monitor.mode))
    assert seen == [f"checkpoint({n})" for n in (6, 3, 2, 1, 1)]


def test_a_pass_in_an_older_mode_does_not_count_again():
    told = []
    monitor = DriftMonitor(Mode("reversible"), 16, told.append)
    for _ in range(3):  # three graphs of the same mode, pulled back one after the other
        monitor.settle(Mode("reversible"), 0.1)
    assert monitor.mode == Mode("checkpoint", 8)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("error", "usable"),
    [(math.nan, True), (0.0, True), (1e-3, True), (0.5, False), (math.inf, False)],
)
def test_which_errors_are_usable(error, usable):
    monitor = DriftMonitor(Mode("checkpoint", 1), 4, lambda line: None)
    monitor.settle(Mode("checkpoint", 1), error)
    assert monitor.usable is usable


def test_distrust_ends_a_mode_beforehand():
    told = []
    monitor = DriftMonitor(Mode("exact"), 6, told.append)
    monitor.distrust("The sky is falling")
    assert monitor.mode == Mode("checkpoint", 3)
    assert told == ["The sky is falling: from exact to checkpoint(3), which needs more memory."]


def test_distance_of_fields():
    wanted = torch.randn(2, 3, 4, 5)
    found = wanted + 0.1 * torch.randn(2, 3, 4, 5)
    plain = ((found - wanted).norm() / wanted.norm()).item()
    assert distance(found, wanted) == pytest.approx(plain, rel=1e-5)
    assert distance(wanted, wanted) == 0
    assert distance(found.fill_(math.nan), wanted) == math.inf


def test_distance_of_integers_sees_a_single_step():
    wanted = torch.randint(-(2**20), 2**20, (1, 8, 16, 16, 16), dtype=torch.int32)
    found = wanted.clone()
    found[0, 3, 5, 7, 9] += 1
    result = Distance()
    result.add(found, wanted)
    assert 0 < result.relative < 1e-6
