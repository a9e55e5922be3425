"""Copy a converted survey into a shared folder; it can be stopped and gone on with.

A file counts when it was read back and is what was written.  The description comes last: without
it nothing is taken for there.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import google_crc32c

from napari_hyperseg.errors import SharedFolderError, SurveyError
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.shared.description import (
    SharedDescription,
    description_name,
    find_description,
    index_name,
    volume_name,
)
from napari_hyperseg.survey.shared.folder import SharedFolder
from napari_hyperseg.survey.sharing import Share, unheard
from napari_hyperseg.survey.store.journal import append_to_journal, read_journal
from napari_hyperseg.survey.store.layout import Extent, StoreLayout
from napari_hyperseg.survey.store.shards import checksum
from napari_hyperseg.survey.store.store import VolumeStore
from napari_hyperseg.survey.survey import Survey

AT_A_TIME = 3  # shards under way: each is twice in memory, 128 MiB
ARRAY = "zarr.json"


def share(
    survey: Survey,
    kept: Kept,
    folder: SharedFolder,
    told: Share = unheard,
    wanted: Callable[[], bool] = lambda: True,
) -> bool:
    """Copy what others need of a survey, going on where a former copy ended.

    Parameters
    ----------
    survey : Survey
    kept : Kept
        Its index and its converted volume, complete.
    folder : SharedFolder
        Where to.
    told : callable
        Told the share that is done, 0 to 1.
    wanted : callable
        Asked now and then whether to go on.

    Returns
    -------
    bool
        Whether all of it is there.

    Raises
    ------
    SurveyError
        If what is here cannot be read.
    SharedFolderError
        If the folder cannot be written, holds another survey of that name, or does not read as
        it was written.
    """
    try:
        copy = _Copy.of(survey, kept, folder)
        said, missing = copy.look()
        if said and not missing:
            return True
        folder.remove(description_name(kept.survey))
        for done in copy.put(missing):
            told(done)
            if not wanted():
                return False
        copy.finish()
    except OSError as error:
        raise SurveyError(
            f"{error.filename}: cannot be read: {error.strerror or error}."
        ) from error
    return True


@dataclass(frozen=True)
class _Copy:
    """A survey on its way into a folder."""

    kept: Kept
    store: VolumeStore
    folder: SharedFolder
    description: SharedDescription

    @classmethod
    def of(cls, survey: Survey, kept: Kept, folder: SharedFolder) -> _Copy:
        """Describe what is to be there, and make sure that nothing else is."""
        store, source = VolumeStore.of(kept.volume, survey.volume, survey.source), survey.source
        if not store.complete:
            raise SurveyError(f"{kept.survey} is not converted. Run 'hyperseg convert' first.")
        checksums = _checksums(store)
        description = SharedDescription(
            fingerprint=source.fingerprint,
            reading=source.reading,
            shape=store.shape,
            dtype=store.dtype.str,
            clip=survey.clip(),
            format_code=source.format_code,
            format=source.format,
            endian=source.endian,
            index=google_crc32c.value(kept.index.read_bytes()),
            shards=tuple((*shard, value) for shard, value in checksums.items()),
        )
        return cls(kept, store, folder, description)

    def look(self) -> tuple[bool, list[Extent]]:
        """Find whether it is said to be there, and which shards are not there all the same."""
        key = self.kept.survey
        there = find_description(self.folder, key)
        if there is not None and there.fingerprint != self.description.fingerprint:
            raise SharedFolderError(
                f"{self.folder} holds another survey called {key}. Choose another folder."
            )
        said = there == self.description
        known = self.description.checksums if said else read_journal(self._journal)
        sizes = self.folder.inside(volume_name(key)).sizes()
        missing = [
            shard
            for shard in self._layout.shards()
            if shard not in known or sizes.get(self._layout.name(shard)) != self._size(shard)
        ]
        return said, missing

    def put(self, shards: Sequence[Extent]) -> Iterator[float]:
        """Copy shards; yields the share of all that is there."""
        total = len(self.description.shards)
        done = total - len(shards)
        self._journal.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            for start in range(0, len(shards), AT_A_TIME):
                some = shards[start : start + AT_A_TIME]
                for shard in threads.map(self._put_shard, some):
                    append_to_journal(self._journal, shard, self.description.checksums[shard])
                done += len(some)
                yield done / total

    def finish(self) -> None:
        """Copy the rest, and say that all of it is there."""
        key, place = self.kept.survey, self.folder
        array = (self.store.level_folder(0) / ARRAY).read_bytes()
        _put(place.inside(volume_name(key)), ARRAY, array)
        _put(place, index_name(key), self.kept.index.read_bytes())
        _put(place, description_name(key), self.description.model_dump_json().encode())
        shutil.rmtree(self._journal.parent, ignore_errors=True)

    @property
    def _layout(self) -> StoreLayout:
        return self.store.levels[0]

    @cached_property
    def _journal(self) -> Path:
        """Which shards are there: of this copy, in this folder, alone."""
        said = f"{self.folder} {self.description.model_dump_json()}"
        name = hashlib.sha256(said.encode()).hexdigest()[:16]
        return self.store.folder.with_suffix(".shared") / name

    def _file(self, shard: Extent) -> Path:
        return self.store.level_folder(0) / self._layout.name(shard)

    def _size(self, shard: Extent) -> int:
        return self._file(shard).stat().st_size

    def _put_shard(self, shard: Extent) -> Extent:
        content = self._file(shard).read_bytes()
        if google_crc32c.value(content) != self.description.checksums[shard]:
            raise SurveyError(
                f"{self._file(shard)} changed since it was made. Remove {self.store.folder}, and "
                "convert the survey again."
            )
        _put(self.folder.inside(volume_name(self.kept.survey)), self._layout.name(shard), content)
        return shard


def _checksums(store: VolumeStore) -> dict[Extent, int]:
    """Of each shard of the volume at its full resolution."""
    folder, layout = store.level_folder(0), store.levels[0]
    noted = read_journal(folder)
    for shard in layout.shards():
        if shard not in noted:
            noted[shard] = checksum(folder, layout, shard) or 0
    return {shard: noted[shard] for shard in layout.shards()}


def _put(folder: SharedFolder, name: str, content: bytes) -> None:
    folder.write(name, content)
    if folder.read(name) != content:
        raise SharedFolderError(f"{folder}/{name} does not read as it was written.")
