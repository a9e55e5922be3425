"""Samples that are kept elsewhere: shards are fetched when they are first needed, then mapped.

Whole shards, because blocks of a survey that are read one after the other lie in the same ones.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import google_crc32c
from numpy.typing import NDArray

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.survey.shared.folder import SharedFolder
from napari_hyperseg.survey.store.layout import Extent, StoreLayout
from napari_hyperseg.survey.store.shards import map_shard
from napari_hyperseg.survey.store.volume import StoredVolume

logger = logging.getLogger(__name__)

LEFT_FREE = 4 << 30  # bytes of the disk: before it is fuller, the shards fetched first make room
AT_LEAST = 16  # shards that stay all the same, or each line of a block would fetch its own


class FetchedVolume(StoredVolume):
    """Read-only array over the shards of a shared survey.

    Parameters
    ----------
    source : SharedFolder
        The zarr array.
    folder : Path
        Where shards are put; nobody else's.
    layout : StoreLayout
    checksums : mapping
        Of each shard's file.
    """

    def __init__(
        self,
        source: SharedFolder,
        folder: Path,
        layout: StoreLayout,
        checksums: Mapping[Extent, int],
    ) -> None:
        super().__init__(folder, layout)
        self._source, self._checksums = source, checksums
        self._fetched: dict[Extent, int] = {}  # bytes of those that are here, the oldest first
        self._fetching = threading.Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._source, self._folder, self._layout, self._checksums)

    def _map_shard(self, shard: Extent) -> NDArray[Any]:
        with self._fetching:
            if shard not in self._fetched:
                self._fetch(shard)
            return map_shard(self._folder, self._layout, shard)

    def _fetch(self, shard: Extent) -> None:
        name = self._layout.name(shard)
        content = self._source.read(name)
        if google_crc32c.value(content) != self._checksums.get(shard):
            raise SharedFolderError(
                f"{self._source}/{name} is not as it was shared. Share the project again."
            )
        path = self._folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._make_room(len(content))
            path.write_bytes(content)
        except OSError as error:
            raise SharedFolderError(
                f"{path} cannot be written: {error.strerror or error}. Give the worker another "
                "folder with --scratch."
            ) from error
        self._fetched[shard] = len(content)

    def _make_room(self, n_bytes: int) -> None:
        """Remove the oldest shards where the disk gets full."""
        short = n_bytes + LEFT_FREE - shutil.disk_usage(self._folder).free
        while short > 0 and len(self._fetched) >= AT_LEAST:
            self.release()  # what is mapped takes its place as long as it is
            oldest = next(iter(self._fetched))
            short -= self._fetched.pop(oldest)
            logger.info("Shard %s of %s makes room for another.", oldest, self._source)
            with suppress(OSError):  # still mapped by somebody, where that matters
                (self._folder / self._layout.name(oldest)).unlink()
