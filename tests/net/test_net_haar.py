"""The Haar transform is an orthonormal matrix, written down independently."""

import pytest
import torch
from plain_net import plain_haar, plain_inverse_haar

from napari_hyperseg.net.haar import gather_cells, haar, inverse_haar, scatter_cells

CASES = [
    ((0, 1, 2), (2, 3, 4, 6, 8)),
    ((2,), (1, 2, 3, 5, 4)),
    ((0, 2), (2, 1, 4, 3, 6)),
    ((0, 1), (2, 3, 4, 6)),
    ((1,), (1, 2, 5, 4)),
    ((0,), (1, 2, 4, 5)),
]
each_case = pytest.mark.parametrize(("axes", "shape"), CASES)


@each_case
def test_is_the_product_of_matrices(axes, shape):
    volume = torch.randn(shape, dtype=torch.float64)
    torch.testing.assert_close(haar(volume, axes), plain_haar(volume, axes))


@each_case
def test_inverse_is_the_product_of_the_transposed_matrices(axes, shape):
    coarse = torch.randn_like(plain_haar(torch.zeros(shape, dtype=torch.float64), axes))
    torch.testing.assert_close(inverse_haar(coarse, axes), plain_inverse_haar(coarse, axes))


@each_case
def test_inverse_recovers_the_volume(axes, shape):
    volume = torch.randn(shape, dtype=torch.float64)
    torch.testing.assert_close(inverse_haar(haar(volume, axes), axes), volume)


@each_case
def test_transpose_is_the_inverse(axes, shape):
    volume = torch.randn(shape, dtype=torch.float64)
    coarse = torch.randn_like(haar(volume, axes))
    left = (haar(volume, axes) * coarse).sum()
    right = (volume * inverse_haar(coarse, axes)).sum()
    torch.testing.assert_close(left, right)


@each_case
def test_sizes_halve_and_channels_double_along_each_axis(axes, shape):
    coarse = haar(torch.zeros(shape), axes)
    assert coarse.shape[1] == shape[1] * 2 ** len(axes)
    for axis, size in enumerate(shape[2:]):
        assert coarse.shape[axis + 2] == (size // 2 if axis in axes else size)


@each_case
def test_cells_are_scattered_where_they_were_gathered(axes, shape):
    volume = torch.randn(shape)
    cells = gather_cells(volume, axes)
    assert cells.shape[-1 - len(axes) :] == (*[2] * len(axes), shape[1])
    torch.testing.assert_close(scatter_cells(cells, axes), volume, rtol=0, atol=0)


def test_a_constant_lives_in_the_averages_alone():
    coarse = haar(torch.full((1, 2, 4, 4, 4), 3.0), (0, 1, 2))
    torch.testing.assert_close(coarse[:, :2], torch.full((1, 2, 2, 2, 2), 3.0 * 8**0.5))
    assert coarse[:, 2:].abs().max() < 1e-6


def test_output_is_channels_last():
    coarse = haar(torch.zeros(2, 3, 4, 4, 4), (0, 1, 2))
    assert coarse.is_contiguous(memory_format=torch.channels_last_3d)
