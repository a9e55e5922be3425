"""Open surveys that are shared: without their SEG-Y files, from the copy alone."""

from __future__ import annotations

from pathlib import Path

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.segy.index_file import load_index
from napari_hyperseg.survey.segy.indexing import SegyIndex
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.shared.description import (
    SharedDescription,
    index_name,
    read_description,
    volume_name,
)
from napari_hyperseg.survey.shared.fetched_volume import FetchedVolume
from napari_hyperseg.survey.shared.folder import SharedFolder
from napari_hyperseg.survey.store.volume import StoredVolume
from napari_hyperseg.survey.survey import CLIP_PERCENTILE, SegySource, Survey
from napari_hyperseg.survey.survey_volume import SurveyVolume


def open_shared(
    folder: SharedFolder, segy: Path, fingerprint: str, reading: Reading, kept: Kept
) -> Survey:
    """Open a survey that is shared.

    Parameters
    ----------
    folder : SharedFolder
        Where.
    segy : Path
        Where its SEG-Y file is for who shared it; it is not looked for.
    fingerprint : str
        Of that file.
    reading : Reading
        How its headers must have been read.
    kept : Kept
        Where what is fetched is put.

    Raises
    ------
    SharedFolderError
        If it is not there as a whole, or is another one, or damaged.
    """
    said = read_description(folder, kept.survey, fingerprint, reading)
    index = _index(folder, said, kept)
    source = SegySource(
        path=segy,
        index=index,
        format_code=said.format_code,
        format=said.format,
        endian=said.endian,
        fingerprint=fingerprint,
    )
    volume = SurveyVolume(_samples(folder, said, kept))
    return Survey(index.geometry, volume, source, clips={CLIP_PERCENTILE: said.clip})


def _index(folder: SharedFolder, said: SharedDescription, kept: Kept) -> SegyIndex:
    name = index_name(kept.survey)
    content = folder.read(name)
    kept.folder.mkdir(parents=True, exist_ok=True)
    kept.index.write_bytes(content)
    index = load_index(kept.index, said.fingerprint, said.reading)  # a zip has checksums
    if index is None or index.geometry.shape != said.shape:
        raise SharedFolderError(
            f"{folder}/{name} is damaged, or of a newer version. Share the project again."
        )
    return index


def _samples(folder: SharedFolder, said: SharedDescription, kept: Kept) -> LazyVolume:
    """Shards of a file system are mapped where they are."""
    volume = folder.inside(volume_name(kept.survey))
    if volume.path is not None:
        return StoredVolume(volume.path, said.layout)
    return FetchedVolume(volume, kept.volume, said.layout, said.checksums)
