"""Zarr arrays written box by box, and read back.

Chunks are cubes, so that every section is quick; a shard is a file of many, so that there are
few files.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from napari_hyperseg.errors import ExportError
from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.sharing import Share

CHUNK = 64  # samples along each side
SHARD = 256

ReadBox = Callable[[Box], NDArray[Any]]


def write_array(
    folder: Path,
    shape: tuple[int, int, int],
    dtype: np.dtype,
    read: ReadBox,
    names: tuple[str, str, str],
    attributes: dict[str, Any],
    told: Share,
) -> zarr.Array:
    """Write a zarr array of format 3 and return it, opened for reading.

    Parameters
    ----------
    folder : Path
        Of the array.
    shape : tuple of int
    dtype : numpy.dtype
    read : callable
        Gives the samples of a box.
    names : tuple of str
        Of the axes.
    attributes : dict
    told : callable
        Is told the share that is done.

    Raises
    ------
    ExportError
        If it does not read as it was written.
    OSError
        If it cannot be written.
    """
    chunk = tuple(min(CHUNK, 2 ** math.ceil(math.log2(n))) for n in shape)
    shard = tuple(
        c * min(SHARD // CHUNK, math.ceil(n / c)) for n, c in zip(shape, chunk, strict=True)
    )
    array = zarr.create_array(
        store=folder, shape=shape, dtype=dtype.newbyteorder("="), chunks=chunk, shards=shard,
        dimension_names=names, attributes=attributes, fill_value=0,
    )  # fmt: skip
    boxes = list(_boxes(shape, shard))
    sums = []
    for done, box in enumerate(boxes, 1):
        block = np.ascontiguousarray(read(box), array.dtype)
        array[_slices(box)] = block
        sums.append(_checksum(block))
        told(done / len(boxes) / 2)
    return _read_back(folder, boxes, sums, told)


def _read_back(folder: Path, boxes: list[Box], sums: list[int], told: Share) -> zarr.Array:
    again = zarr.open_array(folder, mode="r", zarr_format=3)
    for done, (box, expected) in enumerate(zip(boxes, sums, strict=True), 1):
        if _checksum(again[_slices(box)]) != expected:
            raise ExportError(
                f"The samples {box} do not read as they were written. Try another disk."
            )
        told(0.5 + done / len(boxes) / 2)
    return again


def _checksum(block: Any) -> int:
    return zlib.crc32(np.ascontiguousarray(block).data)


def _boxes(shape: tuple[int, int, int], shard: tuple[int, ...]) -> Iterator[Box]:
    spans = [
        [(start, min(start + step, n)) for start in range(0, n, step)]
        for n, step in zip(shape, shard, strict=True)
    ]
    yield from product(*spans)


def _slices(box: Box) -> tuple[slice, slice, slice]:
    i, j, k = (slice(*bounds) for bounds in box)
    return i, j, k
