"""Shards of uncompressed chunks: files that are an array, and an index behind it.

zarr v3's ``sharding_indexed`` codec with all chunks there, in order: what zarr reads and
writes can be mapped as it lies, which is some ten times as fast as decoding it.  Source: Zarr
core specification v3, "Sharding codec".
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import google_crc32c
import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import BytesCodec

from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.store.layout import Extent, StoreLayout

MISSING = 0  # beyond the end of the volume


def create_array(folder: Path, layout: StoreLayout, attributes: dict[str, Any]) -> None:
    """Make the zarr array that the shards belong to, without any."""
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


def write_shard(folder: Path, layout: StoreLayout, shard: Extent, block: NDArray[Any]) -> int:
    """Write a shard, whole or not at all, and return the checksum of its file.

    Parameters
    ----------
    folder : Path
        Of the array.
    layout : StoreLayout
    shard : tuple of int
    block : ndarray
        Samples of ``layout.box(shard)``.
    """
    chunks = _chunked(block, layout)
    content = chunks.tobytes()
    index = _index(layout)
    path = folder / layout.name(shard)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as beside, beside.open("wb") as file:
        file.write(content)
        file.write(index)
    return zlib.crc32(index, zlib.crc32(content))


def checksum(folder: Path, layout: StoreLayout, shard: Extent) -> int | None:
    """Checksum of a shard's file; None if there is none of the right length."""
    path = folder / layout.name(shard)
    if not path.exists() or path.stat().st_size != _content_bytes(layout) + len(_index(layout)):
        return None
    value = 0
    with path.open("rb") as file:
        while part := file.read(1 << 22):
            value = zlib.crc32(part, value)
    return value


def map_shard(folder: Path, layout: StoreLayout, shard: Extent) -> NDArray[Any]:
    """Map a shard: its samples by (chunk, place) along each axis, six axes in all."""
    shape = (*layout.shard_chunks, *layout.chunk)
    mapped = np.memmap(folder / layout.name(shard), _stored(layout.dtype), "r", shape=shape)
    return mapped.transpose(0, 3, 1, 4, 2, 5)


def _chunked(block: NDArray[Any], layout: StoreLayout) -> NDArray[Any]:
    whole = block
    if block.shape != layout.shard:
        whole = np.zeros(layout.shard, block.dtype)
        whole[tuple(map(slice, block.shape))] = block
    (a, b, c), (i, j, k) = layout.shard_chunks, layout.chunk
    cut = whole.reshape(a, i, b, j, c, k).transpose(0, 2, 4, 1, 3, 5)
    return np.ascontiguousarray(cut, _stored(layout.dtype))


def _index(layout: StoreLayout) -> bytes:
    """Offset and length of every chunk, and the checksum of that (CRC32C)."""
    count = int(np.prod(layout.shard_chunks))
    size = _content_bytes(layout) // count
    table = np.empty((count, 2), "<u8")
    table[:, 0], table[:, 1] = size * np.arange(count), size
    content = table.tobytes()
    return content + google_crc32c.value(content).to_bytes(4, "little")


def _content_bytes(layout: StoreLayout) -> int:
    return int(np.prod(layout.shard, dtype=np.int64)) * layout.dtype.itemsize


def _stored(dtype: np.dtype) -> np.dtype:
    return dtype.newbyteorder("<")
