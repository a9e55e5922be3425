"""A stored volume as a lazy array: sections are copied out of the mapped shards."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.selection import Selection, select
from napari_hyperseg.survey.store.layout import Extent, StoreLayout
from napari_hyperseg.survey.store.shards import map_shard

MAPPED_SHARDS = 4096  # kept open at a time


class StoredVolume(LazyVolume):
    """Read-only array over a store all of whose shards are there.

    Parameters
    ----------
    folder : Path
        Of the zarr array.
    layout : StoreLayout
        Its division.
    """

    def __init__(self, folder: Path, layout: StoreLayout) -> None:
        self._folder, self._layout = folder, layout
        self._map = lru_cache(MAPPED_SHARDS)(self._map_shard)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._folder, self._layout)

    @property
    def shape(self) -> Extent:
        """(n_inlines, n_crosslines, n_samples)."""
        return self._layout.shape

    @property
    def dtype(self) -> np.dtype:
        """Of a sample."""
        return self._layout.dtype

    def __getitem__(self, key: Any) -> NDArray[Any]:
        selection = select(key, self.shape)
        read = np.empty(selection.extent, self.dtype)
        for shard in self._shards_of(selection):
            self._copy(shard, selection, read)
        return selection.shaped(read)

    def release(self) -> None:
        """Give back memory that holds pages of the shards."""
        self._map.cache_clear()

    def _shards_of(self, selection: Selection) -> Iterator[Extent]:
        if 0 in selection.extent:
            return
        spans = [
            range(positions[0] // size, positions[-1] // size + 1)
            for positions, size in zip(selection.ranges, self._layout.shard, strict=True)
        ]
        yield from product(*spans)

    def _copy(self, shard: Extent, selection: Selection, read: NDArray[Any]) -> None:
        """Copy what is selected of a shard to its place."""
        box = self._layout.box(shard)
        found = selection.within(box)
        if found is not None:
            ranges, target = found
            inside = [_counted_from(r, start) for r, (start, _) in zip(ranges, box, strict=True)]
            read[target] = _cut(self._map(shard), inside)

    def _map_shard(self, shard: Extent) -> NDArray[Any]:
        return map_shard(self._folder, self._layout, shard)


def _cut(shard: NDArray[Any], ranges: list[range]) -> NDArray[Any]:
    """Samples at positions along the three axes of a shard, of which each is two: chunk, place.

    What one chunk holds along an axis is taken as a view first, so that no more is copied than
    whole chunks along the others.
    """
    index: list[Any] = []
    extent, crop = [], []
    for positions, size in zip(ranges, shard.shape[1::2], strict=True):
        first, last = positions[0] // size, positions[-1] // size
        inside = slice(
            positions[0] - first * size, positions[-1] + 1 - first * size, positions.step
        )
        alone = first == last
        index += [first, inside] if alone else [slice(first, last + 1), slice(None)]
        extent.append(len(positions) if alone else (last + 1 - first) * size)
        crop.append(slice(None) if alone else inside)
    return np.asarray(shard[tuple(index)].reshape(extent)[tuple(crop)])


def _counted_from(positions: range, start: int) -> range:
    """The same positions, counted from another one."""
    return range(positions.start - start, positions.stop - start, positions.step)
