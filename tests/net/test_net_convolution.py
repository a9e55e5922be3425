"""K, its transpose and its weight gradient on any rows are torch's own on the whole volume."""

import pytest
import torch
from plain_net import APPLY, TRANSPOSE

from napari_hyperseg.net.convolution import (
    channels_last,
    convolve_rows,
    convolve_rows_onto,
    transposed,
    weight_gradient_rows,
)

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


def ranges(rows):
    """All runs of rows, and the empty one at the end, which slabs may have."""
    runs = [(start, stop) for start in range(rows) for stop in range(start + 1, rows + 1)]
    return [*runs, (rows, rows)]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_rows_of_the_convolution(shape, dtype):
    volume, kernel, bias = operands(shape, dtype)
    whole = APPLY[len(shape) - 2](volume, kernel, bias, padding=1)
    for start, stop in ranges(shape[2]):
        rows = convolve_rows(volume, kernel, bias, start, stop)
        torch.testing.assert_close(rows, whole[:, :, start:stop], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_rows_of_the_transpose(shape, dtype):
    _, kernel, _ = operands(shape, dtype)
    hidden = torch.randn(shape[0], 4, *shape[2:], dtype=dtype)
    whole = TRANSPOSE[len(shape) - 2](hidden, kernel, padding=1)
    for start, stop in ranges(shape[2]):
        rows = convolve_rows(hidden, transposed(kernel), None, start, stop)
        torch.testing.assert_close(rows, whole[:, :, start:stop], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_flipped_kernel_is_the_transpose(shape):
    volume, kernel, _ = operands(shape, torch.float64)
    hidden = torch.randn(shape[0], 4, *shape[2:], dtype=torch.float64)
    left = (convolve_rows(volume, kernel, None, 0, shape[2]) * hidden).sum()
    right = (volume * convolve_rows(hidden, transposed(kernel), None, 0, shape[2])).sum()
    torch.testing.assert_close(left, right)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_weight_gradient_over_some_rows(shape, dtype):
    first, kernel, _ = operands(shape, dtype)
    volumes = (first, torch.randn_like(first))
    kernel.requires_grad_()
    for start, stop in ranges(shape[2])[:-1]:
        hidden = [torch.randn(shape[0], 4, stop - start, *shape[3:], dtype=dtype) for _ in "ab"]
        sums = [
            (APPLY[len(shape) - 2](v, kernel, padding=1)[:, :, start:stop] * h).sum()
            for v, h in zip(volumes, hidden, strict=True)
        ]
        (wanted,) = torch.autograd.grad(sum(sums), kernel)
        found = weight_gradient_rows(volumes, tuple(hidden), kernel.detach(), start, stop)
        torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)


def test_weight_gradient_of_a_sample_too_large_to_be_stacked():
    first, kernel, _ = operands((1, 32, 3, 40, 12), torch.float32, rank=2)
    volumes, kernel = (first, torch.randn_like(first)), kernel.requires_grad_()
    hidden = (torch.randn(1, 2, 3, 40, 12), torch.randn(1, 2, 3, 40, 12))
    sums = [
        (torch.conv3d(v, kernel, padding=1) * h).sum() for v, h in zip(volumes, hidden, strict=True)
    ]
    (wanted,) = torch.autograd.grad(sum(sums), kernel)
    found = weight_gradient_rows(volumes, hidden, kernel.detach(), 0, 3)
    torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [4, 12])
def test_weight_gradient_in_half_precision(rows, channels):
    """Few rows are where oneDNN has no kernel of its own, or a wrong one."""
    first, kernel, _ = operands((1, channels, rows, 4, 6), torch.float32)
    volumes = (first, torch.randn_like(first))
    hidden = (torch.randn(1, 4, rows, 4, 6), torch.randn(1, 4, rows, 4, 6))
    wanted = weight_gradient_rows(volumes, hidden, kernel, 0, rows)
    low = [tuple(t.bfloat16() for t in pair) for pair in (volumes, hidden)]
    found = weight_gradient_rows(*low, kernel.bfloat16(), 0, rows)
    assert (found - wanted).norm() < 0.02 * wanted.norm()


@pytest.mark.parametrize("dtype", [*DTYPES, torch.bfloat16], ids=str)
@pytest.mark.parametrize(
    "shape", [*SHAPES, (1, 1, 4, 1, 1), (2, 1, 5, 3), (3, 5, 4, 1, 6)], ids=str
)
@pytest.mark.parametrize("rank", [1, 4])
def test_rows_added_onto_a_slab_of_a_field(shape, dtype, rank):
    """In place, and nowhere but in the slab."""
    volume, kernel, _ = operands(shape, torch.float32, rank)
    kept = torch.float64 if dtype == torch.float64 else torch.float32
    field = torch.randn(shape[0], rank, *shape[2:], dtype=kept)
    field = field.contiguous(memory_format=channels_last(field.ndim))
    whole = APPLY[len(shape) - 2](volume.double(), kernel.double(), padding=1)
    bound = 0.1 if dtype == torch.bfloat16 else 1e-5
    for start, stop in ranges(shape[2])[:-1]:
        for samples in (slice(0, 1), slice(None)):
            wanted = field.double().clone()
            wanted[samples, :, start:stop] += whole[samples, :, start:stop]
            found = field.clone()
            slab = found[samples, :, start:stop]
            convolve_rows_onto(slab, volume[samples].to(dtype), kernel.to(dtype), start, stop)
            torch.testing.assert_close(found.double(), wanted, rtol=bound, atol=bound)
