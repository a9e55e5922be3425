"""On a grid the wave goes back to the last bit, whatever happened to its values."""

import math

import pytest
import torch

from napari_hyperseg.net.grid import Grid
from napari_hyperseg.net.hyperbolic import valley
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.reading import lift

BF16 = pytest.param("bf16", id="bf16 convolutions")


@pytest.fixture
def make_exact(make_net):
    """Build a network on a grid."""

    def make(scale=1.0, precision="float32", scratch_bytes=None, **fields):
        how = {"mode": "exact", "precision": precision, "scratch_bytes": scratch_bytes}
        usual = {"dtype": torch.float32, "activation": "relu", "execution": how}
        net = make_net(**{**usual, **fields})
        with torch.no_grad():
            for kernel in net.kernels:
                kernel.mul_(scale)
        return net

    return make


def bits_lost(net, data):
    """Values that differ after going there and back, and how far the wave got."""
    start = lift(data, net.config.width, Grid())
    end = net.propagate(data)
    reach = (end.position.float() * Grid().step).abs().max().item()
    back = net.invert(end)
    return sum((a != b).sum().item() for a, b in zip(back, start, strict=True)), reach


@pytest.mark.parametrize("precision", ["float32", BF16])
@pytest.mark.parametrize("scratch_bytes", [1, 10000, None])
@pytest.mark.parametrize("axes", [(0, 1, 2), (1, 2)], ids=str)
def test_inversion_is_exact(make_exact, precision, scratch_bytes, axes):
    """Ten layers and six changes of level, with weights four times their initial scale."""
    net = make_exact(4.0, precision, scratch_bytes, path=zigzag(6), axes=axes)
    lost, reach = bits_lost(net, torch.randn(2, 2, 4, 8, 4))
    assert lost == 0
    assert reach > 100


@pytest.mark.parametrize("precision", ["float32", BF16])
def test_inversion_is_exact_beyond_what_the_grid_holds(make_exact, precision):
    """Integers wrap around: the values are nonsense, the way back is not."""
    net = make_exact(40.0, precision, path=zigzag(6))
    assert bits_lost(net, torch.randn(1, 2, 8, 4, 4))[0] == 0


def zigzag(changes):
    """Go down and up with a layer or two on either level."""
    return [(step % 2, 1 + step % 2, 4) for step in range(changes + 1)]


def test_two_dimensions(make_exact):
    net = make_exact(4.0, dimensions=2, axes=(0, 1), path=valley((2, 2, 2), (4, 4, 4)))
    assert bits_lost(net, torch.randn(3, 2, 8, 12))[0] == 0


def test_backward_ends_at_the_data_themselves(make_exact):
    net = make_exact(4.0, path=zigzag(6))
    net(torch.randn(1, 2, 4, 8, 4)).square().mean().backward()
    assert net.monitor.error == 0
    assert net.monitor.mode == Mode("exact")


def test_logits_are_multiples_of_the_grid(make_exact, run_in):
    net, data = make_exact(), torch.randn(1, 2, 4, 4, 4)
    logits = run_in(net, "exact", grid_step=2.0**-5)(data)
    assert torch.equal(logits, (logits * 32).round() / 32)
    fine = run_in(net, "reversible")(data)
    assert 0 < (logits - fine).abs().max() < 1


def test_exact_is_nearer_than_reversible_where_weights_are_large(make_exact, run_in):
    """Where rounding errors grow on the way back, those of the reversible mode do."""
    net, data = make_exact(2.0, path=zigzag(12), activation="tanh"), torch.randn(1, 2, 8, 8, 4)
    errors = {}
    for mode in ("exact", "reversible"):
        run_in(net, mode)(data).square().mean().backward()
        errors[mode] = net.monitor.error
    assert errors["exact"] == 0 < 1e-6 < errors["reversible"]


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", BF16])
@pytest.mark.parametrize(
    ("scale", "layers", "changes", "side"), [(4.0, 30, 6, 32), (1.0, 200, 20, 16)]
)
def test_inversion_is_exact_in_deep_networks(make_exact, precision, scale, layers, changes, side):
    path = deep(layers, changes)
    net = make_exact(scale, precision, path=path, width=8)
    assert net.config.layers == layers
    lost, reach = bits_lost(net, torch.randn(1, 2, side, side, side))
    assert lost == 0
    assert reach > 1
    assert math.isfinite(reach)


def deep(layers, changes):
    """Walk between three levels and spread the layers over the stages."""
    levels = [abs((step + 2) % 4 - 2) for step in range(changes + 1)]
    shares = [
        (layers * (i + 1)) // len(levels) - layers * i // len(levels) for i in range(len(levels))
    ]
    return [(level, share, 4) for level, share in zip(levels, shares, strict=True)]
