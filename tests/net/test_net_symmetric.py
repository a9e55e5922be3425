"""The layer f, slab by slab, is the layer on the whole volume."""

import pytest
import torch
from plain_net import plain_layer

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.slabs import slabs
from napari_hyperseg.net.storage import Floats
from napari_hyperseg.net.symmetric import TIMES_SLOPE_, SymmetricLayer

SHAPES = [(2, 3, 7, 4, 2), (1, 3, 1, 2, 3), (3, 3, 6, 5)]
HEIGHTS = [1, 2, 3, 5, 100]
SCALE = 0.25
SIGMA = {"relu": torch.relu, "tanh": torch.tanh}


@pytest.fixture(params=SHAPES, ids=str)
def field(request):
    """Values of a state."""
    torch.manual_seed(0)
    return torch.randn(request.param, dtype=torch.float64)


def make_layer(field, activation="tanh"):
    """Make a layer of rank four."""
    kernel = torch.randn(4, field.shape[1], *[3] * (field.ndim - 2), dtype=torch.float64) / 3
    bias = torch.randn(4, dtype=torch.float64)
    return SymmetricLayer(kernel, bias, activation, Arithmetic(), SCALE)


def by_slabs(layer, field, height):
    """K^T S on the whole volume, put together from slabs, added and taken away."""
    added, taken = (torch.zeros_like(field) for _ in range(2))
    for _, cut in slabs(field.shape[0], field.shape[2], height):
        for slab in cut:
            reach = slab.reach(field.shape[2])
            hidden = layer.hidden(layer.seen(field, reach, Floats()), reach)
            assert hidden.shape[2] == slab.stop - slab.start + (reach.ghost is not None)
            layer.spread(hidden, reach, added, +1, Floats())
            layer.spread(hidden, reach, taken, -1, Floats())
    torch.testing.assert_close(added, -taken)
    return added / SCALE


@pytest.mark.parametrize("activation", TIMES_SLOPE_)
@pytest.mark.parametrize("height", HEIGHTS)
def test_equals_the_layer_on_the_whole_volume(field, activation, height):
    layer = make_layer(field, activation)
    plain = plain_layer(field, layer.forward.weights, layer.bias, activation)
    torch.testing.assert_close(-by_slabs(layer, field, height), plain)


def test_the_layer_is_minus_a_gradient(field):
    """A potential well: f = -grad of the sum of the integral of sigma(K Y + b)."""
    layer = make_layer(field)
    y = field.requires_grad_()
    found = by_slabs(layer, y.detach(), 2)
    convolution = torch.conv3d if field.ndim == 5 else torch.conv2d
    integral = convolution(y, layer.forward.weights, layer.bias, padding=1).cosh().log().sum()
    torch.testing.assert_close(found, torch.autograd.grad(integral, y)[0])


@pytest.mark.parametrize("name", TIMES_SLOPE_)
def test_slope_of_an_activation_is_taken_from_its_value(name):
    x = torch.linspace(-3, 3, 50, dtype=torch.float64, requires_grad=True)
    w = torch.randn_like(x)
    (wanted,) = torch.autograd.grad(SIGMA[name](x), x, w)
    value = SIGMA[name](x).detach()
    inplace = w.clone()
    torch.testing.assert_close(TIMES_SLOPE_[name](inplace, value), wanted)
    torch.testing.assert_close(inplace, wanted)


@pytest.mark.parametrize("name", TIMES_SLOPE_)
def test_slopes_are_between_nought_and_one(name):
    """The bound of stability rests on it."""
    x = torch.linspace(-5, 5, 101, dtype=torch.float64)
    slope = TIMES_SLOPE_[name](torch.ones_like(x), SIGMA[name](x))
    assert slope.min() >= 0
    assert 0.9 < slope.max() <= 1
