"""Logits and gradients of every mode are plain autograd's, whatever the network's shape."""

import pytest
import torch

from napari_hyperseg.net.hyperbolic import valley

TWO_LEVELS = valley((1, 2), (3, 4))
THREE_LEVELS = valley((1, 1, 1), (3, 4, 2))
FINE_GRID = {"grid_step": 2.0**-20}

CASES = {
    "3d": ({"path": THREE_LEVELS}, (1, 8, 4, 12)),
    "3d, batch": ({}, (3, 6, 4, 8)),
    "odd sizes": ({"path": THREE_LEVELS}, (1, 5, 7, 6)),
    "one voxel thick": ({}, (2, 1, 3, 1)),
    "2d": ({"dimensions": 2, "axes": (0, 1), "path": THREE_LEVELS}, (3, 8, 12)),
    "2d, first axis left alone": ({"dimensions": 2, "axes": (1,)}, (2, 5, 7)),
    "first axis left alone": ({"axes": (1, 2)}, (2, 3, 4, 8)),
    "one row": ({"axes": (1, 2), "path": THREE_LEVELS}, (2, 1, 5, 8)),
    "one column": ({"axes": (0, 2)}, (1, 6, 1, 5)),
    "one trace": ({"axes": (2,), "path": THREE_LEVELS}, (2, 1, 1, 9)),
    "no axis coarsened": ({"axes": ()}, (1, 4, 3, 5)),
    "last axis left alone": ({"axes": (0, 1)}, (1, 4, 6, 3)),
    "asymmetric path": ({"path": ((0, 2, 3), (1, 0, 1), (2, 1, 2), (1, 1, 4))}, (1, 7, 8, 4)),
    "half resolution": ({"path": TWO_LEVELS[:2]}, (2, 5, 4, 6)),
    "twice the resolution": (
        {"width": 16, "n_classes": 2, "path": ((0, 1, 3), (1, 1, 2), (0, 1, 4), (-1, 2, 3))},
        (1, 3, 4, 5),
    ),
    "a map along the first axis": ({"map_axis": 0}, (2, 5, 4, 6)),
    "a map along the last axis, halved": ({"path": TWO_LEVELS[:2], "map_axis": 2}, (1, 4, 4, 7)),
    "channels that do not divide the width": ({"in_channels": 3, "width": 8}, (1, 4, 6, 4)),
}
PLAIN_CASES = ["3d", "3d, batch", "2d"]


@pytest.fixture
def make_case(make_net):
    """Build one of the networks, and data for it."""

    def make(name, dtype):
        fields, (batch, *spatial) = CASES[name]
        net = make_net(**{"path": TWO_LEVELS, "dtype": dtype, **fields})
        return net, torch.randn(batch, net.config.in_channels, *spatial, dtype=dtype)

    return make


@pytest.mark.parametrize("case", CASES)
def test_row_by_row(make_case, case, float_mode, compare, run_in):
    net, data = make_case(case, torch.float64)
    compare(run_in(net, float_mode, scratch_bytes=1), data)


@pytest.mark.parametrize("scratch_bytes", [4000, 9000, None])
@pytest.mark.parametrize("case", PLAIN_CASES)
def test_slabs_of_any_height(make_case, case, scratch_bytes, compare, run_in):
    for mode in ("reversible", "store"):
        net, data = make_case(case, torch.float64)
        compare(run_in(net, mode, scratch_bytes=scratch_bytes), data)


@pytest.mark.parametrize("case", CASES)
def test_on_a_grid(make_case, case, compare, run_in):
    """Up to its rounding, which is small here."""
    net, data = make_case(case, torch.float32)
    compare(run_in(net, "exact", scratch_bytes=1, **FINE_GRID), data, rtol=1e-4)


@pytest.mark.parametrize("scratch_bytes", [9000, None])
@pytest.mark.parametrize("case", PLAIN_CASES)
def test_on_a_grid_with_slabs_of_any_height(make_case, case, scratch_bytes, compare, run_in):
    net, data = make_case(case, torch.float32)
    compare(run_in(net, "exact", scratch_bytes=scratch_bytes, **FINE_GRID), data, rtol=1e-4)


def test_relu(make_net, mode, compare, run_in):
    """No value here is so near the kink that the rounding of a grid would move it across."""
    net = make_net(path=TWO_LEVELS, activation="relu")
    data = torch.randn(2, 2, 4, 4, 6, dtype=torch.float64)
    if mode == "exact":
        compare(run_in(net.float(), mode, **FINE_GRID), data.float(), rtol=1e-4)
    else:
        compare(run_in(net, mode, scratch_bytes=1), data)


@pytest.mark.parametrize("fields", [{}, {"map_axis": 1}, {"path": TWO_LEVELS[:2]}], ids=str)
def test_at_marked_voxels(make_net, float_mode, fields, compare, run_in):
    net = run_in(make_net(**{"path": TWO_LEVELS, **fields}), float_mode)
    data = torch.randn(2, 2, 5, 6, 4, dtype=torch.float64)
    where = torch.rand(2, *net.config.output_shape(data.shape[2:])) < 0.2
    assert net(data, where).shape == (where.sum(), 3)
    torch.testing.assert_close(net(data, where), net(data).movedim(1, -1)[where], rtol=0, atol=0)
    compare(net, data, where)


def test_at_marked_voxels_on_a_grid(make_net, compare, run_in):
    net = run_in(make_net(path=TWO_LEVELS, dtype=torch.float32), "exact", **FINE_GRID)
    compare(net, torch.randn(2, 2, 5, 6, 4), torch.rand(2, 5, 6, 4) < 0.2, rtol=1e-4)


@pytest.mark.parametrize("scratch_bytes", [1, 9000])
@pytest.mark.parametrize("case", CASES)
def test_in_float32(make_case, case, scratch_bytes, compare, run_in):
    """What oneDNN computes: other code than that of float64."""
    net, data = make_case(case, torch.float32)
    compare(run_in(net, "reversible", scratch_bytes=scratch_bytes), data, rtol=1e-4)


def test_in_float32_with_copies(make_case, float_mode, compare, run_in):
    net, data = make_case("odd sizes", torch.float32)
    compare(run_in(net, float_mode, scratch_bytes=9000), data, rtol=1e-4)


def test_errors_of_a_grid_shrink_with_its_step(make_net, run_in):
    """Its rounding is all that sets the exact mode apart."""
    data, errors = torch.randn(1, 2, 4, 4, 4), []
    net = make_net(path=TWO_LEVELS, dtype=torch.float32)
    wanted = all_gradients(net, data)
    for step in (2.0**-6, 2.0**-10, 2.0**-14):
        found = all_gradients(run_in(net, "exact", grid_step=step), data)
        errors.append((found - wanted).norm())
    assert errors[0] > 6 * errors[1] > 36 * errors[2]


def all_gradients(net, data):
    """All gradients of one number, in a row."""
    gradients = torch.autograd.grad(net(data).square().sum(), list(net.parameters()))
    return torch.cat([gradient.flatten() for gradient in gradients])
