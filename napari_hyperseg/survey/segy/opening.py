"""Open SEG-Y files as surveys."""

from __future__ import annotations

from pathlib import Path

from napari_hyperseg.survey.fingerprint import fingerprint
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.segy.index_file import load_index, save_index
from napari_hyperseg.survey.segy.indexing import SegyIndex, index_traces
from napari_hyperseg.survey.segy.info import SegyInfo, inform
from napari_hyperseg.survey.segy.layout import SegyLayout, read_layout
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.stack import SegyStack
from napari_hyperseg.survey.segy.trace_headers import Progress, TraceHeaders
from napari_hyperseg.survey.segy.volume import SegyVolume
from napari_hyperseg.survey.store.store import VolumeStore
from napari_hyperseg.survey.survey import SegySource, Survey
from napari_hyperseg.survey.survey_volume import SurveyVolume

NOTHING_SAID = Reading()


def open_survey(
    path: str | Path,
    reading: Reading = NOTHING_SAID,
    *,
    kept: Kept | None = None,
    progress: Progress | None = None,
) -> Survey:
    """Open a SEG-Y file: index its headers, map its samples.

    Parameters
    ----------
    path : str or Path
        The file.
    reading : Reading
        What the user says of it; the rest is found.
    kept : Kept, optional
        Where the index is kept: taken from there if it is this file's, else written there;
        samples are read from the converted volume that is kept, if it is complete.
    progress : callable, optional
        Told how many of how many traces are indexed.

    Raises
    ------
    SurveyError
        If the file cannot be read as a survey: one line that says why and what to do.
    """
    layout = read_layout(Path(path).expanduser().absolute())
    name = fingerprint(layout.path)
    index = load_index(kept.index, name, reading) if kept is not None else None
    if index is None:
        index, _ = index_traces(layout, TraceHeaders(layout, progress), reading)
        if kept is not None:
            save_index(kept.index, name, index)
    source = SegySource(
        path=layout.path,
        index=index,
        format_code=layout.format_code,
        format=layout.format_name,
        endian=layout.endian,
        fingerprint=name,
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


def describe_segy(
    path: str | Path, reading: Reading = NOTHING_SAID, progress: Progress | None = None
) -> SegyInfo:
    """Say what a SEG-Y file holds, prestack files included.

    Parameters
    ----------
    path : str or Path
        The file.
    reading : Reading
        What the user says of it; the rest is found.
    progress : callable, optional
        Told how many of how many traces are read.

    Raises
    ------
    SurveyError
        If the file is not SEG-Y that can be read, or no header bytes make sense of it.
    """
    layout = read_layout(Path(path).expanduser().absolute())
    read = TraceHeaders(layout, progress)
    index, findings = index_traces(layout, read, reading, describe=True)
    return inform(layout, read, index, findings)


def _samples(layout: SegyLayout, index: SegyIndex) -> LazyVolume:
    n_samples = index.geometry.n_samples
    volumes = [SegyVolume(layout, found, index.shifts, n_samples) for found in index.trace_maps]
    return volumes[0] if len(volumes) == 1 else SegyStack(tuple(volumes))
