"""From data to the first state, from the last state to logits."""

import pytest
import torch

from napari_hyperseg.net.grid import Grid
from napari_hyperseg.net.reading import Reading, distance_from_lifted, lift, lift_transposed
from napari_hyperseg.net.storage import Floats


@pytest.mark.parametrize(("in_channels", "width"), [(2, 4), (2, 5), (3, 3), (1, 4), (4, 6)])
def test_lift_repeats_the_channels_and_rests(in_channels, width):
    data = torch.randn(2, in_channels, 3, 2, 4)
    state = lift(data, width, Floats())
    repeated = data[:, [channel % in_channels for channel in range(width)]]
    torch.testing.assert_close(state.position, repeated, rtol=0, atol=0)
    assert state.position.is_contiguous(memory_format=torch.channels_last_3d)
    assert (state.velocity == 0).all()


def test_lift_to_a_grid_rounds():
    data = torch.randn(1, 2, 4, 5)
    state = lift(data, 3, Grid(0.25))
    assert state.position.dtype == state.velocity.dtype == torch.int32
    assert torch.equal(state.position, (data[:, [0, 1, 0]] * 4).round().int())


@pytest.mark.parametrize(("in_channels", "width"), [(2, 4), (2, 5), (3, 8), (1, 4)])
def test_transpose_of_the_lift(in_channels, width):
    data = torch.randn(2, in_channels, 3, 2, dtype=torch.float64)
    adjoint = torch.randn(2, width, 3, 2, dtype=torch.float64)
    left = (lift(data, width, Floats()).position * adjoint).sum()
    torch.testing.assert_close(left, (data * lift_transposed(adjoint, in_channels)).sum())


@pytest.mark.parametrize("storage", [Floats(), Grid()], ids=["floats", "grid"])
@pytest.mark.parametrize("which", ["position", "velocity"])
def test_distance_of_a_reconstruction(storage, which):
    data = torch.randn(2, 2, 4, 3, 5)
    state = lift(data, 5, storage)
    assert distance_from_lifted(state, data, storage) == 0
    values = storage.load(state.position)
    noise = 0.01 * torch.randn(values.shape)
    field = getattr(state, which)
    field.copy_(storage.store(storage.load(field) + noise))
    wanted = (noise.norm() / values.norm()).item()
    assert distance_from_lifted(state, data, storage) == pytest.approx(wanted, rel=1e-2)


def test_distance_from_blank_data_is_relative_to_the_least():
    state = lift(torch.zeros(1, 2, 4, 4), 4, Floats())
    state.position.fill_(1e-3)
    wanted = 1e-3 * 8  # the norm of 64 values
    found = distance_from_lifted(state, torch.zeros(1, 2, 4, 4), Floats(), least=4.0)
    assert found == pytest.approx(wanted / 2)


@pytest.mark.parametrize("map_axis", [None, 0, 1, 2])
def test_logits_are_a_copy_of_a_corner_of_the_first_channels(map_axis):
    position = torch.randn(2, 8, 6, 4, 8)
    corner = position[:, :3, :5, :4, :7]
    wanted = corner if map_axis is None else corner.select(2 + map_axis, (5, 4, 7)[map_axis] // 2)
    logits = Reading(3, (5, 4, 7), map_axis).read(position, None, Floats())
    assert torch.equal(logits, wanted)
    assert logits.untyped_storage().data_ptr() != position.untyped_storage().data_ptr()
    assert logits.untyped_storage().nbytes() == 4 * wanted.numel()


def test_logits_of_a_grid_are_its_values():
    stored = torch.randint(-50, 50, (1, 4, 3, 3), dtype=torch.int32)
    logits = Reading(2, (3, 2)).read(stored, None, Grid(0.5))
    assert torch.equal(logits, stored[:, :2, :, :2] * 0.5)


@pytest.mark.parametrize("map_axis", [None, 1])
@pytest.mark.parametrize("marked", [False, True])
def test_writing_is_the_transpose_of_reading(map_axis, marked):
    reading = Reading(3, (5, 4, 7), map_axis)
    position = torch.randn(2, 8, 6, 4, 8, dtype=torch.float64)
    spatial = [n for axis, n in enumerate((5, 4, 7)) if axis != map_axis]
    where = torch.rand(2, *spatial) < 0.3 if marked else None
    logits = reading.read(position, where, Floats())
    assert logits.shape == ((where.sum(), 3) if marked else (2, 3, *spatial))
    gradient, adjoint = torch.randn_like(logits), torch.zeros_like(position)
    reading.write(adjoint, gradient, where)
    torch.testing.assert_close((logits * gradient).sum(), (position * adjoint).sum())
    assert adjoint.count_nonzero() == gradient.numel()
