"""Open SEG-Y files as surveys."""

from __future__ import annotations

from pathlib import Path

from napari_hyperseg.survey.fingerprint import fingerprint
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.assembly import assemble
from napari_hyperseg.survey.segy.exploring import NOTHING_SAID, SegyExplorer
from napari_hyperseg.survey.segy.index_file import load_index, save_index
from napari_hyperseg.survey.segy.info import SegyInfo
from napari_hyperseg.survey.segy.layout import read_layout
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.trace_headers import Progress
from napari_hyperseg.survey.survey import Survey

__all__ = ["NOTHING_SAID", "describe_segy", "open_survey"]


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
    path = Path(path).expanduser().absolute()
    layout, name = read_layout(path), fingerprint(path)
    index = load_index(kept.index, name, reading) if kept is not None else None
    if index is None:
        index = SegyExplorer(path, progress).index(reading)
        if kept is not None:
            save_index(kept.index, name, index)
    return assemble(layout, index, name, kept)


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
    return SegyExplorer(path, progress).info(reading)
