"""Everything of an exported SEG-Y file but its samples: the source's, byte for byte.

In the binary header only the sample format changes, and the number of traces where revision 2
says it and fewer are written.
"""

from __future__ import annotations

import numpy as np

from napari_hyperseg.survey.segy.exported_traces import ExportedTraces
from napari_hyperseg.survey.segy.file_header import FORMAT, REVISION, TEXT_BLOCK, TRACES
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.segy.text import with_history
from napari_hyperseg.survey.sharing import Share

BLOCK_BYTES = 64 << 20  # of the file held at a time


def write_headers(
    source: SegyLayout,
    target: SegyLayout,
    traces: ExportedTraces,
    history: str | None,
    told: Share,
) -> None:
    """Write a file whose samples are zero, in sequence: a full disk shows here, as an error.

    Parameters
    ----------
    source, target : SegyLayout
        Of the file to copy from, and of the one to write.
    traces : ExportedTraces
    history : str or None
        Remark for a free line of the text header; None: none.
    told : callable
        Is told the share that is done.
    """
    with source.path.open("rb") as file:
        head = file.read(source.first_trace)
        file.seek(source.end)
        trailers = file.read()
    headers = source.map_traces()["header"]
    step = max(1, BLOCK_BYTES // target.trace_dtype.itemsize)
    with target.path.open("wb") as file:
        file.write(_changed(head, target, history))
        for start in range(0, target.n_traces, step):
            block = np.zeros(min(step, target.n_traces - start), target.trace_dtype)
            block["header"] = headers[traces.numbers[start : start + step]]
            file.write(block.tobytes())
            told((start + len(block)) / target.n_traces)
        file.write(trailers)


def _changed(head: bytes, target: SegyLayout, history: str | None) -> bytes:
    changed = bytearray(head)
    if history is not None:
        changed[:TEXT_BLOCK] = with_history(bytes(head[:TEXT_BLOCK]), history)
    _put(changed, FORMAT[0], 2, target.format_code, target)
    modern = head[REVISION[0] - 1] >= 2
    if modern and any(head[TRACES[0] - 1 : TRACES[0] + 7]):
        _put(changed, TRACES[0], 8, target.n_traces, target)
    return bytes(changed)


def _put(head: bytearray, byte: int, length: int, value: int, target: SegyLayout) -> None:
    head[byte - 1 : byte - 1 + length] = value.to_bytes(length, target.endian)
