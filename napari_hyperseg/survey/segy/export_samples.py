"""The samples of an exported SEG-Y file: those of a volume, or the source's own.

Owns the order in which they are read and written, and the checksums that tell what should be
in the file.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.segy.exported_traces import ExportedTraces
from napari_hyperseg.survey.segy.formats import decode
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.sharing import Share
from napari_hyperseg.survey.survey import Volume

BLOCK_BYTES = 64 << 20  # of samples held at a time
BLOCK_LINES = 64  # the chunks of a prediction

Block = tuple[NDArray[np.int64], NDArray[Any]]
"""Places of traces in the exported file, and their samples, shape (n, n_samples)."""


def write_samples(blocks: Iterable[Block], target: SegyLayout, told: Share) -> NDArray[np.uint32]:
    """Fill a file whose headers are written; return the checksum (CRC-32) of every trace.

    Parameters
    ----------
    blocks : iterable of Block
        Traces without one stay zero.
    target : SegyLayout
    told : callable
        Is told the share that is done.
    """
    mapped = target.map_traces("r+")
    samples, done = mapped["samples"], 0
    zero = zlib.crc32(bytes(target.n_samples * target.stored_dtype.itemsize))
    sums = np.full(target.n_traces, zero, np.uint32)
    for at, block in blocks:
        stored = block.astype(target.stored_dtype, copy=False)
        samples[at] = stored
        sums[at] = checksums(stored)
        done += len(at)
        told(done / target.n_traces)
    mapped.flush()
    return sums


def checksums(stored: NDArray[Any]) -> list[int]:
    """CRC-32 of every trace of a block, shape (n, n_samples)."""
    return [zlib.crc32(trace) for trace in np.ascontiguousarray(stored).view(np.uint8)]


def blocks_of_volume(volume: Volume, n_samples: int, traces: ExportedTraces) -> Iterator[Block]:
    """The live traces of a volume, each box of it read once."""
    for box in boxes(volume):
        block = np.asarray(volume[box])
        i, j = traces.i - box[0].start, traces.j - box[1].start
        inside = (i >= 0) & (i < block.shape[0]) & (j >= 0) & (j < block.shape[1]) & traces.live
        for shift in np.unique(traces.shifts[inside]):
            at = np.flatnonzero(inside & (traces.shifts == shift))
            yield at, block[i[at], j[at], shift : shift + n_samples]


def blocks_of_source(source: SegyLayout, traces: ExportedTraces, raw: bool) -> Iterator[Block]:
    """The source's own samples, dead and repeated traces too; as they are stored, or decoded."""
    samples = source.map_traces()["samples"]
    step = max(1, BLOCK_BYTES // source.trace_dtype.itemsize)
    for start in range(0, len(traces), step):
        at = np.arange(start, min(start + step, len(traces)))
        stored = samples[traces.numbers[at]]
        yield at, stored if raw else decode(stored, source.format_code, source.endian)


def boxes(volume: Volume) -> Iterator[tuple[slice, slice]]:
    """Lateral boxes of whole traces, in whole chunks of a prediction."""
    n_inlines, n_crosslines, n_samples = volume.shape
    trace_bytes = n_samples * np.dtype(volume.dtype).itemsize
    columns = max(1, BLOCK_BYTES // (BLOCK_LINES**2 * trace_bytes)) * BLOCK_LINES
    for i in range(0, n_inlines, BLOCK_LINES):
        for j in range(0, n_crosslines, columns):
            inlines = slice(i, min(i + BLOCK_LINES, n_inlines))
            yield inlines, slice(j, min(j + columns, n_crosslines))
