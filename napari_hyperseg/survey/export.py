"""Write a volume as SEG-Y with the headers of the survey it belongs to.

Owns the copy: text, binary and trace headers of the source, in its trace order, with other
samples.  Works block by block; the volume is never in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.fingerprint import fingerprint
from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.segy_choice import grid_from
from napari_hyperseg.survey.segy_file_header import TEXT_BLOCK
from napari_hyperseg.survey.segy_formats import IEEE_FLOAT32, INT8
from napari_hyperseg.survey.segy_headers import field_reader
from napari_hyperseg.survey.segy_layout import SegyLayout, read_layout
from napari_hyperseg.survey.segy_text import with_history
from napari_hyperseg.survey.survey import Survey, Volume

FORMAT_AT = slice(3224, 3226)
BLOCK_BYTES = 64 << 20  # of samples held at a time
BLOCK_LINES = 64  # the chunks of a prediction


def export_segy(survey: Survey, volume: Volume, path: str | Path, *, history: str) -> None:
    """Write `volume` as a SEG-Y file whose headers are those of `survey`'s file.

    Trace headers and trace order are the source's, byte for byte; traces that are dead or
    missing in the survey stay zero.  In the binary header only the sample format changes:
    int8 (8) for integer codes up to 127, else IEEE float32 (5).  The file is written beside
    its place, synced and renamed.

    Parameters
    ----------
    survey : Survey
        Gives headers and geometry.
    volume : array-like, shape ``survey.geometry.shape``
        Samples: numpy, memory map or zarr.
    path : str or Path
        The file to write; replaced if it exists.
    history : str
        Remark for a free line of the text header, up to 76 characters.

    Raises
    ------
    SurveyError
        If the shapes differ, the source changed or is gone, or the file cannot be written.
    """
    path = Path(path).expanduser()
    source = _check(survey, volume, path)
    format_code = _format_for(volume)
    try:
        with replacing(path) as beside:
            target = replace(source, path=beside, format_code=format_code)
            _write_headers(source, target, history)
            _write_samples(survey, volume, source, target)
    except OSError as error:
        raise SurveyError(f"{path} cannot be written: {error.strerror}.") from error


def _check(survey: Survey, volume: Volume, path: Path) -> SegyLayout:
    source, shape = survey.source, survey.geometry.shape
    if tuple(volume.shape) != shape:
        raise SurveyError(
            f"The volume has shape {tuple(volume.shape)}, the survey {shape}. They must be equal."
        )
    layout = read_layout(source.path)
    if fingerprint(source.path) != source.fingerprint:
        raise SurveyError(f"{source.path.name} changed since it was opened. Open it again.")
    if path.exists() and path.samefile(source.path):
        raise SurveyError(f"{path} is the survey itself. Choose another file to write.")
    return layout


def _format_for(volume: Volume) -> int:
    if np.dtype(volume.dtype).kind not in "iub":
        return IEEE_FLOAT32
    blocks = (np.asarray(volume[box]) for box in _boxes(volume))
    fits = all(block.min() >= -128 and block.max() <= 127 for block in blocks)
    return INT8 if fits else IEEE_FLOAT32


def _write_headers(source: SegyLayout, target: SegyLayout, history: str) -> None:
    """Write everything but the samples, in sequence: a full disk shows here, as an error."""
    with source.path.open("rb") as file:
        head = bytearray(file.read(source.first_trace))
    head[:TEXT_BLOCK] = with_history(bytes(head[:TEXT_BLOCK]), history)
    head[FORMAT_AT] = target.format_code.to_bytes(2, target.endian)
    traces = source.map_traces()
    step = max(1, BLOCK_BYTES // target.trace_dtype.itemsize)
    with target.path.open("wb") as file:
        file.write(head)
        for start in range(0, source.n_traces, step):
            headers = traces["header"][start : start + step]
            block = np.zeros(len(headers), target.trace_dtype)
            block["header"] = headers
            file.write(block.tobytes())


def _write_samples(survey: Survey, volume: Volume, source: SegyLayout, target: SegyLayout) -> None:
    i, j = _positions(survey, source)
    traces_out = target.map_traces("r+")
    samples = traces_out["samples"]
    for box in _boxes(volume):
        block = np.asarray(volume[box])
        inside = (i >= box[0].start) & (i < box[0].stop) & (j >= box[1].start) & (j < box[1].stop)
        traces = np.flatnonzero(inside & survey.geometry.live_mask[i, j])
        samples[traces] = block[i[traces] - box[0].start, j[traces] - box[1].start]
    traces_out.flush()


def _positions(survey: Survey, source: SegyLayout) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Grid indices of every trace of the file, in file order."""
    grid = grid_from(field_reader(source), survey.source.header_bytes)
    return grid.inline.indices, grid.crossline.indices


def _boxes(volume: Volume) -> Iterator[tuple[slice, slice]]:
    """Lateral boxes of whole traces, in whole chunks of a prediction."""
    n_inlines, n_crosslines, n_samples = volume.shape
    trace_bytes = n_samples * np.dtype(volume.dtype).itemsize
    columns = max(1, BLOCK_BYTES // (BLOCK_LINES**2 * trace_bytes)) * BLOCK_LINES
    for i in range(0, n_inlines, BLOCK_LINES):
        for j in range(0, n_crosslines, columns):
            inlines = slice(i, min(i + BLOCK_LINES, n_inlines))
            yield inlines, slice(j, min(j + columns, n_crosslines))
