"""Shards of uncompressed chunks: files that are an array, and an index behind it.

zarr v3's ``sharding_indexed`` codec with all chunks there, in order: what zarr reads and
writes can be mapped as it lies, without decoding.  Source: Zarr core specification v3,
"Sharding codec".
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import google_crc32c
import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.store.layout import Extent, StoreLayout

MISSING = 0  # beyond the end of the volume
ROWS = 8  # lines read at a time: what is between reading and writing stays in the cache
PIECE = 1 << 20  # bytes read at a time to be checked
ReadBox = Callable[[Box], NDArray[Any]]


def create_array(folder: Path, layout: StoreLayout, attributes: dict[str, Any]) -> None:
    """Make the zarr array that the shards belong to, without any."""
    import zarr  # slow to load, and not needed to read
    from zarr.codecs import BytesCodec

    zarr.create_array(
        store=folder,
        shape=layout.shape,
        dtype=_stored(layout.dtype),
        chunks=layout.chunk,
        shards=layout.shard,
        filters=None,
        compressors=None,
        serializer=BytesCodec(endian="little") if layout.dtype.itemsize > 1 else "auto",
        fill_value=MISSING,
        dimension_names=("inline", "crossline", "sample"),
        attributes=attributes,
        overwrite=True,
    )


def write_shard(folder: Path, layout: StoreLayout, shard: Extent, read: ReadBox) -> int:
    """Write a shard, chunk by chunk, and return the checksum it should have.

    Parameters
    ----------
    folder : Path
        Of the array.
    layout : StoreLayout
    shard : tuple of int
    read : callable
        Gives the samples of a box.
    """
    path, index, value = folder / layout.name(shard), _index(layout), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for chunk in _chunks(layout, shard, read):
            value = google_crc32c.extend(value, chunk)
            file.write(chunk.data)
        value = google_crc32c.extend(value, index)
        file.write(index)
    return int(value)


def has_shard(folder: Path, layout: StoreLayout, shard: Extent) -> bool:
    """Whether a shard's file is there, of the right length."""
    try:
        size = (folder / layout.name(shard)).stat().st_size
    except FileNotFoundError:
        return False
    return size == _content_bytes(layout) + _index_bytes(layout)


def checksum(folder: Path, layout: StoreLayout, shard: Extent) -> int | None:
    """Checksum of a shard's file; None if there is none of the right length."""
    if not has_shard(folder, layout, shard):
        return None
    value, piece = 0, np.empty(PIECE, np.uint8)
    with (folder / layout.name(shard)).open("rb") as file:
        while count := file.readinto(piece.data):
            value = google_crc32c.extend(value, piece[:count])
    return value


def settle(folder: Path, layout: StoreLayout) -> None:
    """Wait until all shards are on disk."""
    for shard in layout.shards():
        with (folder / layout.name(shard)).open("rb+") as file:
            os.fsync(file.fileno())


def map_shard(folder: Path, layout: StoreLayout, shard: Extent) -> NDArray[Any]:
    """Map a shard: its samples by (chunk, place) along each axis, six axes in all."""
    shape = (*layout.shard_chunks, *layout.chunk)
    mapped = np.memmap(folder / layout.name(shard), _stored(layout.dtype), "r", shape=shape)
    return mapped.transpose(0, 3, 1, 4, 2, 5)


def _chunks(layout: StoreLayout, shard: Extent, read: ReadBox) -> Iterator[NDArray[Any]]:
    """The chunks of a shard in their order, each to be used before the next is asked for.

    What lies beyond the end of the volume is `MISSING`.
    """
    i, j, k = layout.chunk
    column = np.full((layout.shard_chunks[2], i, j, k), MISSING, _stored(layout.dtype))
    inlines, crosslines, samples = layout.box(shard)
    for start in range(crosslines[0], crosslines[0] + layout.shard[1], j):
        stop = min(start + j, crosslines[1])
        if stop < start + j:
            column[:] = MISSING
        for row in range(*inlines, ROWS) if start < stop else ():
            rows = (row, min(row + ROWS, inlines[1]))
            place = column[:, row - inlines[0] : rows[1] - inlines[0], : stop - start]
            _cut_into_chunks(read((rows, (start, stop), samples)), place)
        yield from column


def _cut_into_chunks(block: NDArray[Any], chunks: NDArray[Any]) -> None:
    """Put traces, shape (i, j, samples), into a column of chunks, shape (depth, i, j, k)."""
    k, n_samples = chunks.shape[-1], block.shape[-1]
    whole = n_samples // k
    of_traces = chunks.transpose(1, 2, 0, 3)
    of_traces[:, :, :whole] = block[..., : whole * k].reshape(*block.shape[:2], whole, k)
    if n_samples % k:
        of_traces[:, :, whole, : n_samples % k] = block[..., whole * k :]


def _index(layout: StoreLayout) -> bytes:
    """Offset and length of every chunk, and the checksum of that (CRC32C)."""
    count = int(np.prod(layout.shard_chunks))
    size = _content_bytes(layout) // count
    table = np.empty((count, 2), "<u8")
    table[:, 0], table[:, 1] = size * np.arange(count), size
    content = table.tobytes()
    return content + google_crc32c.value(content).to_bytes(4, "little")


def _index_bytes(layout: StoreLayout) -> int:
    return 16 * int(np.prod(layout.shard_chunks)) + 4


def _content_bytes(layout: StoreLayout) -> int:
    return int(np.prod(layout.shard, dtype=np.int64)) * layout.dtype.itemsize


def _stored(dtype: np.dtype) -> np.dtype:
    return dtype.newbyteorder("<")
