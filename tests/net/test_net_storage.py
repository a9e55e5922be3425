"""Fields on a grid: every update can be undone to the last bit."""

import pytest
import torch

from napari_hyperseg.net.convolution import Kernel
from napari_hyperseg.net.grid import Grid
from napari_hyperseg.net.haar import haar
from napari_hyperseg.net.storage import Floats

EXTREMES = torch.tensor(
    [-(2**31), -(2**31) + 1, -(2**24) - 1, -1, 0, 1, 2**24 + 1, 2**30 + 7, 2**31 - 1],
    dtype=torch.int32,
)
AXES = [(0, 1, 2), (1, 2), (0,), (2,)]


@pytest.mark.parametrize("axes", AXES, ids=str)
def test_lifting_is_inverted_for_every_integer(axes):
    torch.manual_seed(0)
    field = torch.randint(-(2**31), 2**31, (2, 3, 4, 6, 4), dtype=torch.int32)
    coarse = Grid().haar(field.clone(), axes)
    assert torch.equal(Grid().inverse_haar(coarse.clone(), axes), field)
    assert not torch.equal(coarse.flatten().sort()[0], field.flatten().sort()[0])


@pytest.mark.parametrize("axes", AXES, ids=str)
def test_lifting_is_inverted_for_the_extremes(axes):
    chosen = torch.randint(
        len(EXTREMES), (3, 2, 4, 4, 4), generator=torch.Generator().manual_seed(1)
    )
    field = EXTREMES[chosen]
    assert torch.equal(Grid().inverse_haar(Grid().haar(field.clone(), axes), axes), field)


def test_lifting_is_inverted_for_half_the_memory():
    field = torch.randint(-(2**15), 2**15, (1, 2, 4, 4, 4), dtype=torch.int16)
    grid = Grid(2.0**-8, torch.int16)
    assert torch.equal(grid.inverse_haar(grid.haar(field.clone(), (0, 1, 2)), (0, 1, 2)), field)


@pytest.mark.parametrize("axes", AXES, ids=str)
def test_lifting_is_the_orthonormal_transform_up_to_a_few_steps(axes):
    values = torch.randn(2, 3, 4, 6, 4) * 10
    grid = Grid(2.0**-10)
    found = grid.load(grid.haar(grid.store(values), axes))
    assert (found - haar(values, axes)).abs().max() < 6 * grid.step


def test_values_are_rounded_to_the_nearest_step():
    grid = Grid(0.25)
    stored = grid.store(torch.tensor([0.0, 0.3, -0.3, 1.0, -2.49]))
    assert stored.tolist() == [0, 1, -1, 4, -10]
    assert stored.dtype == grid.dtype(torch.float32) == torch.int32
    assert grid.load(stored).tolist() == [0.0, 0.25, -0.25, 1.0, -2.5]


def convolved(seed=0):
    """A volume, a kernel by sign, and what the kernel makes of five rows."""
    torch.manual_seed(seed)
    volume, kernel = 30 * torch.randn(1, 2, 5, 4, 6), torch.randn(3, 2, 3, 3, 3)
    signed = {+1: Kernel(kernel), -1: Kernel(-kernel)}
    return volume, signed, torch.conv3d(volume, kernel, padding=1)


@pytest.mark.parametrize("sign", [+1, -1])
def test_what_is_added_can_be_taken_away(sign):
    grid = Grid(2.0**-12)
    volume, kernels, values = convolved()
    stored = torch.randint(-(2**31), 2**31, values.shape, dtype=torch.int32)
    before = stored.clone()
    grid.add_convolved(stored, volume, kernels, 1, sign)
    moved = stored - before  # wraps around like the sum
    assert (moved * grid.step - sign * values).abs().max() <= grid.step
    grid.add_convolved(stored, volume, kernels, 1, -sign)
    assert torch.equal(stored, before)


def test_floats_are_kept_as_they_are():
    values = torch.randn(2, 8, 4, 4, 4, dtype=torch.float64)
    floats = Floats()
    assert floats.dtype(torch.float64) == torch.float64
    assert floats.load(floats.store(values)) is values
    torch.testing.assert_close(floats.inverse_haar(floats.haar(values, (0, 2)), (0, 2)), values)


@pytest.mark.parametrize("sign", [+1, -1])
def test_floats_add_what_is_convolved(sign):
    volume, kernels, values = convolved()
    stored = torch.randn_like(values)
    expected = stored + sign * values
    Floats().add_convolved(stored, volume, kernels, 1, sign)
    torch.testing.assert_close(stored, expected, rtol=1e-5, atol=1e-3)  # of values around 300
