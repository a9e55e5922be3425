"""Exact mode asks first whether convolutions repeat themselves."""

import torch

from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.net.path import Stage
from napari_hyperseg.net.symmetric import SymmetricLayer

CONFIG = NetConfig(1, 2, path=(Stage(0, 1, 4), Stage(1, 4, 4), Stage(0, 1, 4)))


def test_the_cpu_repeats_itself_and_stays_exact():
    net = HyperbolicNet(CONFIG, Execution("exact"))
    net(torch.randn(1, 1, 8, 8, 8)).square().sum().backward()
    assert net.monitor.mode.kind == "exact"
    assert net.monitor.error == 0


def test_a_device_that_does_not_is_given_copies(monkeypatch):
    """An atomic addition in another order: the last bit of one value differs now and then."""
    spread, calls = SymmetricLayer.spread, []

    def unsteady(layer, hidden, slab, field, sign, storage):
        calls.append(slab)
        spread(layer, hidden, slab, field, sign, storage)
        if len(calls) % 2:
            field[0, 0, 0, 0, 0] += 1

    monkeypatch.setattr(SymmetricLayer, "spread", unsteady)
    net = HyperbolicNet(CONFIG, Execution("exact"))
    said = []
    net.monitor.warn = said.append
    logits = net(torch.randn(1, 1, 8, 8, 8))
    assert str(net.monitor.mode) == "checkpoint(3)"
    assert len(said) == 1
    assert "do not repeat themselves" in said[0]
    logits.square().sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in net.parameters())
