"""A survey, put together from the layout and the index of a SEG-Y file."""

from __future__ import annotations

from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.segy.indexing import SegyIndex
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.segy.stack import SegyStack
from napari_hyperseg.survey.segy.volume import SegyVolume
from napari_hyperseg.survey.store.store import VolumeStore
from napari_hyperseg.survey.survey import SegySource, Survey
from napari_hyperseg.survey.survey_volume import SurveyVolume


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
    survey = Survey(index.geometry, SurveyVolume(_samples(layout, index)), source)
    if kept is not None:
        read_converted(survey, kept)
    return survey


def read_converted(survey: Survey, kept: Kept) -> bool:
    """Read a survey's samples from its converted copy from now on, if that is complete.

    Returns
    -------
    bool
        Whether they are.
    """
    store = VolumeStore.of(kept.volume, survey.volume, survey.source)
    if store.complete:
        survey.volume.switch(store.volumes())
    return survey.volume.converted


def _samples(layout: SegyLayout, index: SegyIndex) -> LazyVolume:
    n_samples = index.geometry.n_samples
    volumes = [SegyVolume(layout, found, index.shifts, n_samples) for found in index.trace_maps]
    return volumes[0] if len(volumes) == 1 else SegyStack(tuple(volumes))
