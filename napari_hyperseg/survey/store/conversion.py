"""Convert a volume into a store, shard by shard; it can be stopped and gone on with.

A shard counts when its file was read back and is what was written.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.lazy_volume import release
from napari_hyperseg.survey.store.coarsening import means
from napari_hyperseg.survey.store.journal import append_to_journal, read_journal
from napari_hyperseg.survey.store.layout import Extent, StoreLayout
from napari_hyperseg.survey.store.shards import ReadBox, checksum, create_array, settle, write_shard
from napari_hyperseg.survey.store.store import VolumeStore
from napari_hyperseg.survey.survey import Volume

SPARE = 64 << 20  # bytes left free on the disk
PATIENCE_S = 5.0  # with another conversion that may just be ending
THREADS = 2  # one writes while another decodes


def convert(
    volume: Volume,
    store: VolumeStore,
    progress: Callable[[float], None] = lambda share: None,
    wanted: Callable[[], bool] = lambda: True,
) -> bool:
    """Fill a store, going on where a former conversion ended.

    Parameters
    ----------
    volume : array-like, shape ``store.shape``
        What is copied.
    store : VolumeStore
    progress : callable
        Told the share that is done, 0 to 1, after each shard.
    wanted : callable
        Asked before each shard whether to go on.

    Returns
    -------
    bool
        Whether the store is complete.

    Raises
    ------
    SurveyError
        If it cannot be written, or a shard does not read as it was written.
    """
    if store.complete:
        return True
    try:
        store.folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(store.folder.with_suffix(".lock"), timeout=PATIENCE_S):
            return _convert(volume, store, progress, wanted)
    except Timeout as error:
        raise SurveyError(
            f"{store.folder} is being converted already, by another window or command. Let it end."
        ) from error
    except OSError as error:
        raise SurveyError(
            f"{store.folder} cannot be written: {error.strerror or error}. What was converted is "
            "kept; make room, then it goes on."
        ) from error


def _convert(
    volume: Volume,
    store: VolumeStore,
    progress: Callable[[float], None],
    wanted: Callable[[], bool],
) -> bool:
    """Make what is missing; nobody else does at this time."""
    _check_room(store)
    if not store.begun:
        store.begin()
    done, total = 0, sum(int(np.prod(layout.shape)) for layout in store.levels)
    for level in range(len(store.levels)):
        for voxels in _fill(volume, store, level):
            done += voxels
            progress(done / total)
            if not wanted():
                return False
    for level, layout in enumerate(store.levels):
        settle(store.level_folder(level), layout)
    store.finish()
    return True


def _fill(volume: Volume, store: VolumeStore, level: int) -> Iterator[int]:
    """Make the shards of a level that are not there; yields the voxels of each."""
    layout, folder = store.levels[level], store.level_folder(level)
    done = read_journal(folder)
    if not (folder / "zarr.json").exists() or not done:
        create_array(folder, layout, {})
        done = {}
    source, read = (volume, _read) if level == 0 else (store.volumes()[level - 1], means)

    def make(shard: Extent) -> Extent:
        if shard not in done or checksum(folder, layout, shard) != done[shard]:
            done[shard] = _make_shard(folder, layout, shard, partial(read, source))
            append_to_journal(folder, shard, done[shard])
        return shard

    with ThreadPoolExecutor(THREADS) as threads:
        # No more at a time than are worked on: who stops does not wait for the rest.
        for some in _batches(layout.shards()):
            for shard in threads.map(make, some):
                release(source)
                yield int(np.prod([stop - start for start, stop in layout.box(shard)]))


def _make_shard(folder: Path, layout: StoreLayout, shard: Extent, read: ReadBox) -> int:
    written = write_shard(folder, layout, shard, read)
    if checksum(folder, layout, shard) != written:
        raise SurveyError(
            f"{folder / layout.name(shard)} does not read as it was written. Check the disk."
        )
    return written


def _read(volume: Volume, box: Box) -> NDArray[Any]:
    i, j, k = (slice(*bounds) for bounds in box)
    return np.asarray(volume[i, j, k])


def _check_room(store: VolumeStore) -> None:
    parent = store.folder.parent
    needed = sum(_bytes_missing(store, level, layout) for level, layout in enumerate(store.levels))
    free = shutil.disk_usage(parent).free
    if needed + SPARE > free:
        raise SurveyError(
            f"Converting needs {needed / 2**30:.1f} GiB in {parent}, where {free / 2**30:.1f} GiB "
            "are free. Make room, or go on without: the file is read as it is."
        )


def _bytes_missing(store: VolumeStore, level: int, layout: StoreLayout) -> int:
    shards = int(np.prod(layout.grid)) - len(read_journal(store.level_folder(level)))
    return shards * int(np.prod(layout.shard)) * layout.dtype.itemsize


def _batches(shards: Iterator[Extent]) -> Iterator[list[Extent]]:
    """As many shards as there are threads, again and again."""
    while some := list(islice(shards, THREADS)):
        yield some
