"""The Haar transform of a whole field within its own memory.

In channels-last order two fine rows lie where one coarse row goes (one fine row, where the
first axis is left alone), so a few rows at a time are transformed beside the field and
written back over themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.scratch import BYTES
from napari_hyperseg.net.slabs import slabs
from napari_hyperseg.net.storage import Storage

SHARE_OF_SCRATCH = 0.25  # no faster with all of it
_COPIES = 3  # of a slab at once


def transform_(
    field: Tensor, axes: Sequence[int], refine: bool, storage: Storage, scratch_bytes: int
) -> Tensor:
    """Coarsen, or refine, along `axes`.

    Parameters
    ----------
    field : Tensor, shape (batch, channels, *spatial)
        Dense, channels-last; overwritten.
    axes : sequence of int
        Spatial axes, counted from 0, ascending.
    refine : bool
    storage : Storage
    scratch_bytes : int

    Returns
    -------
    Tensor
        The result, a view of the same memory.
    """
    if not axes:
        return field
    result = reshaped(field, axes, refine)
    coarse, fine = (field, result) if refine else (result, field)
    together = fine.shape[ROWS] // coarse.shape[ROWS]
    apply = storage.inverse_haar if refine else storage.haar
    height = _height(coarse[0, :, 0].numel(), scratch_bytes)
    for _, cut in slabs(coarse.shape[0], coarse.shape[ROWS], height):
        for slab in cut:
            of_fine = slab._replace(start=slab.start * together, stop=slab.stop * together)
            source, target = (slab, of_fine) if refine else (of_fine, slab)
            target.of(result).copy_(apply(source.of(field), axes))
    return result


def copied_bytes(of_a_row: int, scratch_bytes: int) -> int:
    """What a transform copies at once, for so many values in a row of the coarse field."""
    return _COPIES * BYTES * of_a_row * _height(of_a_row, scratch_bytes)


def _height(of_a_row: int, scratch_bytes: int) -> int:
    room = int(SHARE_OF_SCRATCH * scratch_bytes)
    return max(1, room // (_COPIES * BYTES * of_a_row))


def reshaped(field: Tensor, axes: Sequence[int], refine: bool) -> Tensor:
    """The field's memory, seen with the shape that the transform gives it."""
    batch, channels, *spatial = field.shape
    factor = 2 ** len(axes)
    for axis in axes:
        spatial[axis] = spatial[axis] * 2 if refine else spatial[axis] // 2
    channels = channels // factor if refine else channels * factor
    flat = field.movedim(1, -1).reshape(-1)
    if flat.data_ptr() != field.data_ptr():
        raise ValueError("The field is not dense in channels-last order.")
    return flat.view(batch, *spatial, channels).movedim(-1, 1)
