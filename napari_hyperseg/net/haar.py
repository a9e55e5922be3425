"""The orthonormal Haar transform: half the samples along each axis, twice the channels.

Orthonormal means that the transpose is the inverse and that norms are kept.  An axis may
be left alone (thin or anisotropic volumes).

All axes are transformed at once: the 2**k neighbours of a coarse voxel, its cell, are
gathered side by side, in channels-last order, and multiplied by the k-fold Kronecker power
of [[1, 1], [1, -1]] / sqrt(2), which is symmetric and its own inverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import torch
from torch import Tensor


def haar(volume: Tensor, axes: Sequence[int]) -> Tensor:
    """Coarsen.

    Parameters
    ----------
    volume : Tensor, shape (batch, channels, *spatial)
        Even sizes along `axes`.
    axes : sequence of int
        Spatial axes to coarsen, counted from 0, ascending.

    Returns
    -------
    Tensor, shape (batch, 2**len(axes) * channels, *coarser spatial)
        Channels-last in memory; the averages first, the differences after them.
    """
    cells = gather_cells(volume, axes).flatten(-1 - len(axes), -2)
    return torch.matmul(_kernel(len(axes), volume), cells).flatten(-2).movedim(-1, 1)


def inverse_haar(coarse: Tensor, axes: Sequence[int]) -> Tensor:
    """Refine: the inverse, and the transpose, of `haar` with the same `axes`."""
    cells = coarse.movedim(1, -1).unflatten(-1, (2 ** len(axes), -1))
    cells = torch.matmul(_kernel(len(axes), coarse), cells)
    return scatter_cells(cells.unflatten(-2, [2] * len(axes)), axes)


def gather_cells(volume: Tensor, axes: Sequence[int]) -> Tensor:
    """Copy the neighbours of every coarse voxel side by side.

    Returns
    -------
    Tensor, shape (batch, *coarser spatial, 2, ..., 2, channels)
        A two for each of the `axes`.
    """
    voxels = volume.movedim(1, -1)
    for axis in reversed(axes):
        voxels = voxels.unflatten(axis + 1, (-1, 2))
    among, gathered = _halves(axes, voxels.ndim)
    return voxels.movedim(among, gathered).contiguous()


def scatter_cells(cells: Tensor, axes: Sequence[int]) -> Tensor:
    """Put the neighbours of every coarse voxel where they belong: undoes `gather_cells`."""
    among, gathered = _halves(axes, cells.ndim)
    voxels = cells.movedim(gathered, among)
    for axis in axes:
        voxels = voxels.flatten(axis + 1, axis + 2)
    return voxels.movedim(-1, 1)


def _halves(axes: Sequence[int], ndim: int) -> tuple[list[int], list[int]]:
    """Where the even/odd axes are among the voxels, and where they are when gathered."""
    among_voxels = [axis + 2 + position for position, axis in enumerate(axes)]
    return among_voxels, list(range(ndim - 1 - len(axes), ndim - 1))


def _kernel(power: int, like: Tensor) -> Tensor:
    """Kronecker power of the 2 x 2 Haar matrix, shape (2**power, 2**power)."""
    haar_1d = torch.tensor([[1.0, 1.0], [1.0, -1.0]], dtype=like.dtype, device=like.device)
    return reduce(torch.kron, [haar_1d * 0.5**0.5] * power, haar_1d.new_ones(1, 1))
