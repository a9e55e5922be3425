"""A survey, put together from the layout and the index of a SEG-Y file."""

from __future__ import annotations

from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.indexing import SegyIndex
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.segy.stack import SegyStack
from napari_hyperseg.survey.segy.volume import SegyVolume
from napari_hyperseg.survey.store.store import VolumeStore
from napari_hyperseg.survey.survey import SegySource, Survey, Volume


def assemble(
    layout: SegyLayout, index: SegyIndex, fingerprint: str, kept: Kept | None = None
) -> Survey:
    """Map the samples that an index places.

    Parameters
    ----------
    layout : SegyLayout
    index : SegyIndex
    fingerprint : str
        Names the file's content.
    kept : Kept, optional
        Samples are read from the converted volume that is kept, if it is complete.
    """
    source = SegySource(
        path=layout.path,
        index=index,
        format_code=layout.format_code,
        format=layout.format_name,
        endian=layout.endian,
        fingerprint=fingerprint,
    )
    volume = _volume(layout, index)
    if kept is not None:
        store = VolumeStore.of(kept.volume, volume, source)
        volume = store.volumes()[0] if store.complete else volume
    return Survey(index.geometry, volume, source)


def _volume(layout: SegyLayout, index: SegyIndex) -> Volume:
    n_samples = index.geometry.n_samples
    volumes = [SegyVolume(layout, found, index.shifts, n_samples) for found in index.trace_maps]
    return volumes[0] if len(volumes) == 1 else SegyStack(tuple(volumes))
