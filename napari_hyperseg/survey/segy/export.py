"""Write a volume as SEG-Y with the headers of the survey it belongs to.

Owns the copy: text, binary and trace headers of the source, in its trace order, with other
samples.  Works block by block; the volume is never in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import segyio
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.fingerprint import fingerprint
from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.segy.choice import grid_from
from napari_hyperseg.survey.segy.file_header import TEXT_BLOCK
from napari_hyperseg.survey.segy.formats import IEEE_FLOAT32, INT8
from napari_hyperseg.survey.segy.layout import SegyLayout, read_layout
from napari_hyperseg.survey.segy.reading import STANDARD_LINES
from napari_hyperseg.survey.segy.text import with_history
from napari_hyperseg.survey.segy.trace_headers import TraceHeaders, live_traces
from napari_hyperseg.survey.survey import Survey, Volume

FORMAT_AT = slice(3224, 3226)
BLOCK_BYTES = 64 << 20  # of samples held at a time
BLOCK_LINES = 64  # the chunks of a prediction


def export_segy(survey: Survey, volume: Volume, path: str | Path, *, history: str) -> None:
    """Write `volume` as a SEG-Y file whose headers are those of `survey`'s file.

    Trace headers and trace order are the source's, byte for byte; traces that are dead or
    missing in the survey stay zero.  Of a prestack file only one trace at each position is
    written: that of the offset, or the first.  In the binary header only the sample format
    changes: int8 (8) for integer codes up to 127, else IEEE float32 (5).  The file is written
    beside its place, synced, checked and renamed.

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
    traces = _Traces.of(survey, source)
    try:
        with replacing(path) as beside:
            target = replace(
                source, path=beside, format_code=_format_for(volume), n_traces=len(traces.numbers)
            )
            _write_headers(source, target, traces, history)
            _write_samples(volume, target, traces)
            _check_written(target, path)
    except OSError as error:
        raise SurveyError(f"{path} cannot be written: {error.strerror}.") from error


@dataclass(frozen=True, eq=False)
class _Traces:
    """The traces to write, in their order in the source.

    Parameters
    ----------
    numbers : ndarray of int64
        In the source.
    i, j : ndarray of int64
        Where they lie in the survey.
    shifts : ndarray of int32
        Samples by which they begin later.
    live : ndarray of bool
        Whether they get samples.
    """

    numbers: NDArray[np.int64]
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    shifts: NDArray[np.int32]
    live: NDArray[np.bool_]

    @classmethod
    def of(cls, survey: Survey, source: SegyLayout) -> _Traces:
        """Find the traces of a survey in its file."""
        index, read = survey.source.index, TraceHeaders(source)
        grid = grid_from(read, index.reading.lines or STANDARD_LINES)
        numbers = np.arange(source.n_traces)
        if index.reading.prestack:
            numbers = np.sort(index.trace_maps[0][index.trace_maps[0] >= 0])
        i, j = grid.inline.indices[numbers], grid.crossline.indices[numbers]
        shifts = np.zeros(source.n_traces, np.int32) if index.shifts is None else index.shifts
        live = np.zeros(source.n_traces, bool)
        live[live_traces(read)] = True
        return cls(numbers, i, j, shifts[numbers], live[numbers] & survey.geometry.live_mask[i, j])


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


def _write_headers(source: SegyLayout, target: SegyLayout, traces: _Traces, history: str) -> None:
    """Write everything but the samples, in sequence: a full disk shows here, as an error."""
    with source.path.open("rb") as file:
        head = bytearray(file.read(source.first_trace))
        file.seek(source.end)
        trailers = file.read()
    head[:TEXT_BLOCK] = with_history(bytes(head[:TEXT_BLOCK]), history)
    head[FORMAT_AT] = target.format_code.to_bytes(2, target.endian)
    headers = source.map_traces()["header"]
    step = max(1, BLOCK_BYTES // target.trace_dtype.itemsize)
    with target.path.open("wb") as file:
        file.write(head)
        for start in range(0, target.n_traces, step):
            block = np.zeros(min(step, target.n_traces - start), target.trace_dtype)
            block["header"] = headers[traces.numbers[start : start + step]]
            file.write(block.tobytes())
        file.write(trailers)


def _write_samples(volume: Volume, target: SegyLayout, traces: _Traces) -> None:
    traces_out = target.map_traces("r+")
    samples, n_samples = traces_out["samples"], target.n_samples
    for box in _boxes(volume):
        block = np.asarray(volume[box])
        i, j = traces.i - box[0].start, traces.j - box[1].start
        inside = (i >= 0) & (i < block.shape[0]) & (j >= 0) & (j < block.shape[1]) & traces.live
        for shift in np.unique(traces.shifts[inside]):
            at = np.flatnonzero(inside & (traces.shifts == shift))
            samples[at] = block[i[at], j[at], shift : shift + n_samples]
    traces_out.flush()


def _check_written(target: SegyLayout, path: Path) -> None:
    """Read the file as another program would."""
    with segyio.open(target.path, ignore_geometry=True, endian=target.endian) as file:
        found = (file.tracecount, len(file.samples), int(file.format))
    wanted = (target.n_traces, target.n_samples, target.format_code)
    if found != wanted:
        raise SurveyError(
            f"{path} was not written: it reads as {found[0]} traces of {found[1]} samples in "
            f"format {found[2]}, not {wanted[0]}, {wanted[1]} and {wanted[2]}. Try another disk."
        )


def _boxes(volume: Volume) -> Iterator[tuple[slice, slice]]:
    """Lateral boxes of whole traces, in whole chunks of a prediction."""
    n_inlines, n_crosslines, n_samples = volume.shape
    trace_bytes = n_samples * np.dtype(volume.dtype).itemsize
    columns = max(1, BLOCK_BYTES // (BLOCK_LINES**2 * trace_bytes)) * BLOCK_LINES
    for i in range(0, n_inlines, BLOCK_LINES):
        for j in range(0, n_crosslines, columns):
            inlines = slice(i, min(i + BLOCK_LINES, n_inlines))
            yield inlines, slice(j, min(j + columns, n_crosslines))
