"""Reading an exported SEG-Y file as another program would, before it takes its name."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import segyio
from numpy.typing import NDArray

from napari_hyperseg.errors import ExportError, SurveyError
from napari_hyperseg.survey.segy.export_samples import BLOCK_BYTES, checksums
from napari_hyperseg.survey.segy.exported_traces import ExportedTraces
from napari_hyperseg.survey.segy.layout import SegyLayout, read_layout
from napari_hyperseg.survey.sharing import Share

EXACT_IN_SEGYIO = {2: np.int32, 3: np.int16, 5: np.float32, 8: np.int8}

ReadTraces = Callable[[int, int], NDArray[Any]]
"""First trace and the one after the last -> their samples, shape (n, n_samples)."""


def check_written(
    source: SegyLayout,
    target: SegyLayout,
    traces: ExportedTraces,
    sums: NDArray[np.uint32],
    name: Path,
    told: Share,
) -> None:
    """Compare every header with the source's and every trace with what should be there.

    segyio reads the samples, unless it cannot: a layout that it cannot read in the source, or
    samples that it does not give bit by bit (IBM floats, 24 bits).

    Parameters
    ----------
    source, target : SegyLayout
    traces : ExportedTraces
    sums : ndarray of uint32
        Checksums of the traces.
    name : Path
        Of the file, once it is renamed.
    told : callable
        Is told the share that is done.

    Raises
    ------
    ExportError
        If anything differs.
    """
    try:
        again = read_layout(target.path)
    except SurveyError as error:
        raise ExportError(_damaged(name, f"no SEG-Y ({error})")) from error
    found = (again.n_traces, again.n_samples, again.format_code)
    wanted = (target.n_traces, target.n_samples, target.format_code)
    if found != wanted:
        raise ExportError(_damaged(name, f"{_words(*found)}, not {_words(*wanted)}"))
    headers, originals = again.map_traces()["header"], source.map_traces()["header"]
    step = max(1, BLOCK_BYTES // target.trace_dtype.itemsize)
    with _reader(source, again) as read:
        for start in range(0, again.n_traces, step):
            stop = min(start + step, again.n_traces)
            stored = read(start, stop).astype(target.stored_dtype, copy=False)
            original = originals[traces.numbers[start:stop]]
            same = np.asarray(checksums(stored), np.uint32) == sums[start:stop]
            same &= headers[start:stop] == original
            if not same.all():
                trace = start + int(np.flatnonzero(~same)[0])
                raise ExportError(_damaged(name, f"another trace {trace + 1} than was written"))
            told(stop / again.n_traces)


@contextmanager
def _reader(source: SegyLayout, target: SegyLayout) -> Iterator[ReadTraces]:
    samples = target.map_traces()["samples"]
    exact = target.format_code in EXACT_IN_SEGYIO and _segyio_reads(source)
    with _opened(target) if exact else nullcontext() as file:
        if file is None:
            yield lambda start, stop: samples[start:stop]
        else:
            yield lambda start, stop: file.trace.raw[start:stop]


def _segyio_reads(layout: SegyLayout) -> bool:
    """Whether segyio divides a file into traces as it is divided here."""
    try:
        with _opened(layout) as file:
            found = file.tracecount, len(file.samples)
    except (OSError, RuntimeError, ValueError):
        return False
    return found == (layout.n_traces, layout.n_samples)


def _opened(layout: SegyLayout) -> Any:
    with warnings.catch_warnings():  # of formats that it does not know
        warnings.simplefilter("ignore")
        return segyio.open(layout.path, ignore_geometry=True, endian=layout.endian)


def _words(n_traces: int, n_samples: int, format_code: int) -> str:
    return f"{n_traces} traces of {n_samples} samples in format {format_code}"


def _damaged(name: Path, reads_as: str) -> str:
    return f"{name} was not written: it reads as {reads_as}. Try another disk."
