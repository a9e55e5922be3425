"""K and its transpose on any rows are torch's own on the whole volume."""

import pytest
import torch
from plain_net import APPLY, TRANSPOSE

from napari_hyperseg.net import onednn
from napari_hyperseg.net.convolution import Kernel, transposed
from napari_hyperseg.net.layout import channels_last
from napari_hyperseg.net.slabs import Slab

SHAPES = [
    (2, 3, 5, 6, 4),
    (1, 3, 5, 6, 4),
    (1, 2, 1, 3, 2),
    (1, 12, 4, 3, 5),
    (1, 2, 2, 5, 3),
    (2, 3, 6, 5),
    (1, 2, 1, 4),
]
DTYPES = [torch.float64, torch.float32]


def operands(shape, dtype, rank=4):
    """Make a volume in channels-last order, a kernel and a bias."""
    torch.manual_seed(0)
    order = channels_last(len(shape))
    volume = torch.randn(shape, dtype=dtype).contiguous(memory_format=order)
    kernel = torch.randn(rank, shape[1], *[3] * (len(shape) - 2), dtype=dtype)
    return volume, kernel.contiguous(memory_format=order), torch.randn(rank, dtype=dtype)


def reaches(shape):
    """Of all runs of rows: start, stop, and what they reach."""
    rows = shape[2]
    for start in range(rows):
        for stop in range(start + 1, rows + 1):
            yield start, stop, Slab(slice(0, shape[0]), start, stop).reach(rows)


def without_ghost(hidden, reach):
    """The rows that were asked for."""
    stop = hidden.shape[2] - (reach.ghost == -1)
    return hidden[:, :, int(reach.ghost == 0) : stop]


@pytest.mark.parametrize("sigma", [None, "relu", "tanh"])
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_rows_of_the_convolution(shape, dtype, sigma):
    volume, weights, bias = operands(shape, dtype)
    whole = APPLY[len(shape) - 2](volume, weights, bias, padding=1)
    whole = {None: whole, "relu": whole.relu(), "tanh": whole.tanh()}[sigma]
    for start, stop, reach in reaches(shape):
        found = Kernel(weights).apply(reach.of(volume), reach.padding, bias, sigma)
        rows = without_ghost(found, reach)
        torch.testing.assert_close(rows, whole[:, :, start:stop], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_flipped_kernel_is_the_transpose(shape):
    volume, weights, _ = operands(shape, torch.float64)
    hidden = torch.randn(shape[0], 4, *shape[2:], dtype=torch.float64)
    left = (Kernel(weights).apply(volume, 1) * hidden).sum()
    right = (volume * Kernel(transposed(weights)).apply(hidden, 1)).sum()
    torch.testing.assert_close(left, right)


@pytest.mark.parametrize("dtype", [*DTYPES, torch.bfloat16], ids=str)
@pytest.mark.parametrize(
    "shape", [*SHAPES, (1, 1, 4, 1, 1), (2, 1, 5, 3), (3, 5, 4, 1, 6)], ids=str
)
@pytest.mark.parametrize("rank", [1, 4, 9])
def test_rows_of_the_transpose_add_to_their_neighbours(shape, dtype, rank):
    """In place, nowhere but where they reach: runs that make up the volume give all of K^T."""
    _, weights, _ = operands(shape, torch.float32, rank)
    order = channels_last(len(shape))
    hidden = torch.randn(shape[0], rank, *shape[2:]).contiguous(memory_format=order)
    kept = torch.float64 if dtype == torch.float64 else torch.float32
    field = torch.randn(shape, dtype=kept).contiguous(memory_format=order)
    whole = TRANSPOSE[len(shape) - 2](hidden.double(), weights.double(), padding=1)
    bound = 0.1 if dtype == torch.bfloat16 else 1e-5
    back, found = Kernel(transposed(weights).to(dtype)), {}
    for start, stop, reach in reaches(shape):
        found[start, stop] = field.clone()
        target = reach.of(found[start, stop])
        back.onto(target, reach.hidden_of(hidden).to(dtype), 2 - reach.padding)
        outside = [r for r in range(shape[2]) if not start - 1 <= r <= stop]
        assert torch.equal(found[start, stop][:, :, outside], field[:, :, outside])
    for cut in range(1, shape[2]):
        both = found[0, cut].double() + found[cut, shape[2]].double() - 2 * field.double()
        torch.testing.assert_close(both, whole, rtol=bound, atol=2 * bound)
    alone = found[0, shape[2]].double() - field.double()
    torch.testing.assert_close(alone, whole, rtol=bound, atol=bound)


@pytest.mark.parametrize("shape", [(2, 3, 5, 6, 4), (1, 8, 4, 6), (1, 1, 3, 2, 2)], ids=str)
@pytest.mark.parametrize("rank", [1, 3, 8])
def test_pairs_of_neighbours_give_the_same_numbers(shape, rank):
    """Whether or not this processor gains by it; added to what is there, then sigma."""
    volume, weights, bias = operands(shape, torch.float32, rank)
    if not onednn.takes(volume):
        pytest.skip("torch was built without oneDNN")
    sides, convolution = [1] * (len(shape) - 2), APPLY[len(shape) - 2]
    before = torch.randn(shape[0], rank, *shape[2:])
    before = before.contiguous(memory_format=channels_last(len(shape)))
    wanted = (before + convolution(volume, weights, bias, padding=1)).relu()
    plain, pairs = before.clone(), before.clone()
    onednn.convolve(plain, volume, weights, bias, sides, relu=True)
    onednn.convolve(pairs, volume, onednn.paired(weights), bias.repeat(2), sides, relu=True)
    torch.testing.assert_close(plain, wanted, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(pairs, wanted, rtol=1e-5, atol=1e-5)


def test_neighbours_together_are_the_same_memory():
    field = torch.randn(2, 3, 4, 5, 6).contiguous(memory_format=torch.channels_last_3d)
    seen = onednn.together(field)
    assert seen.shape == (2, 6, 4, 5, 3)
    assert torch.equal(seen[:, :3], field[..., ::2])
    assert torch.equal(seen[:, 3:], field[..., 1::2])
    assert seen.data_ptr() == field.data_ptr()
