"""Volumes of a single row are computed in 2D; what comes of it is in the gradients' tests."""

import pytest
import torch

from napari_hyperseg.net.flat import flat_axis, middle_taps, without
from napari_hyperseg.net.hyperbolic import NetConfig


@pytest.mark.parametrize(
    ("axes", "extent", "wanted"),
    [
        ((1, 2), (1, 6, 8), 0),
        ((0, 2), (6, 1, 8), 1),
        ((0, 1), (4, 4, 1), 2),
        ((2,), (1, 1, 8), 0),
        ((1, 2), (3, 6, 8), None),
        ((1, 2), (3, 1, 8), None),  # coarsened: it becomes two rows
        ((0, 1, 2), (1, 6, 8), None),
    ],
)
def test_an_axis_of_one_voxel_is_left_out_unless_it_is_coarsened(axes, extent, wanted):
    assert flat_axis(NetConfig(1, 2, axes=axes), extent) == wanted


def test_maps_and_networks_in_2d_stay_as_they_are():
    assert flat_axis(NetConfig(1, 2, axes=(1, 2), map_axis=0), (1, 6, 8)) is None
    assert flat_axis(NetConfig(1, 2, axes=(1,), dimensions=2), (1, 6)) is None


def test_other_axes_move_up():
    config = NetConfig(1, 2, axes=(0, 2))
    plane = without(config, 1)
    assert (plane.dimensions, plane.axes) == (2, (0, 1))
    assert plane.path == config.path
    assert without(NetConfig(1, 2, axes=(1, 2)), 0).axes == (0, 1)


def test_gradients_of_what_sees_the_row_come_back():
    kernel = torch.randn(2, 3, 3, 3, 3, requires_grad=True)
    (middle,) = middle_taps([kernel], 0)
    torch.testing.assert_close(middle, kernel[:, :, 1], rtol=0, atol=0)
    middle.sum().backward()
    wanted = torch.zeros_like(kernel)
    wanted[:, :, 1] = 1
    torch.testing.assert_close(kernel.grad, wanted, rtol=0, atol=0)
