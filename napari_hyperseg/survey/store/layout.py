"""How a volume is cut into chunks and shards.

A chunk is a cube: a section in any direction reads the same share of the volume.  A shard is
a file of whole traces.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from napari_hyperseg.survey.geometry import Box

Extent = tuple[int, int, int]

CHUNK = 64  # samples along each side
SHARD_BYTES = 64 << 20  # at most, if that holds a chunk's traces


@dataclass(frozen=True)
class StoreLayout:
    """The division of a volume.

    Parameters
    ----------
    shape : tuple of int
        (n_inlines, n_crosslines, n_samples).
    dtype : numpy.dtype
        Of a sample, native or little-endian.
    """

    shape: Extent
    dtype: np.dtype

    @property
    def chunk(self) -> Extent:
        """Samples of a chunk along each axis; less than a cube for a line."""
        i, j, k = (min(CHUNK, 2 ** math.ceil(math.log2(n))) for n in self.shape)
        return i, j, k

    @property
    def shard_chunks(self) -> Extent:
        """Chunks of a shard along each axis: all along a trace."""
        i, j, k = self.chunk
        deep = math.ceil(self.shape[2] / k)
        column = i * j * k * deep * self.dtype.itemsize
        beside = min(max(1, SHARD_BYTES // column), math.ceil(self.shape[1] / j))
        return 1, beside, deep

    @property
    def shard(self) -> Extent:
        """Samples of a shard along each axis."""
        i, j, k = (c * n for c, n in zip(self.chunk, self.shard_chunks, strict=True))
        return i, j, k

    @property
    def grid(self) -> Extent:
        """Shards along each axis."""
        i, j, k = (math.ceil(n / s) for n, s in zip(self.shape, self.shard, strict=True))
        return i, j, k

    def shards(self) -> Iterator[Extent]:
        """Shards, in the order in which they are made."""
        yield from product(*map(range, self.grid))

    def box(self, shard: Extent) -> Box:
        """Samples of a shard, cut at the end of the volume."""
        i, j, k = (
            (at * s, min((at + 1) * s, n))
            for at, s, n in zip(shard, self.shard, self.shape, strict=True)
        )
        return i, j, k

    def name(self, shard: Extent) -> str:
        """Name of a shard's file in the array's folder (zarr v3, default chunk key encoding)."""
        return "c/" + "/".join(map(str, shard))

    def coarser(self) -> StoreLayout:
        """The division of the volume at half its resolution."""
        i, j, k = (math.ceil(n / 2) for n in self.shape)
        return StoreLayout((i, j, k), self.dtype)
