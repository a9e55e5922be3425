"""How a SEG-Y file is laid out: where the traces lie, and how their samples are stored.

Owns the division of the file into traces, and the map of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy.file_header import (
    FILE_HEADER,
    TEXT_BLOCK,
    TRACE_HEADER,
    UNCOUNTED,
    Endian,
    FileHeader,
    LengthUnit,
    read_file_header,
)
from napari_hyperseg.survey.segy.formats import FORMAT_NAMES, STORED_DTYPES
from napari_hyperseg.survey.segy.text import ends_the_text

MOST_TEXT = 64 << 20  # bytes of extended text that are searched for its end


@dataclass(frozen=True)
class SegyLayout:
    """Where the samples of a SEG-Y file lie and how they are stored.

    Parameters
    ----------
    path : Path
        The file.
    endian : {"big", "little"}
        Byte order.
    format_code : int
        Sample format code of the binary header.
    n_traces, n_samples : int
        Extent of the trace block.
    first_trace : int
        Offset in bytes of the first trace header.
    interval_us : float
        Sample interval of the binary header in microseconds; may be zero or negative.
    trace_blocks : int
        Headers of 240 bytes before every trace.
    length_unit : {"m", "ft"} or None
        What the binary header says.
    """

    path: Path
    endian: Endian
    format_code: int
    n_traces: int
    n_samples: int
    first_trace: int
    interval_us: float
    trace_blocks: int = 1
    length_unit: LengthUnit | None = None

    @property
    def stored_dtype(self) -> np.dtype:
        """Numpy type of a stored sample, byte order included."""
        return _stored_dtype(self.format_code, self.endian)

    @property
    def format_name(self) -> str:
        """The sample format in words."""
        return FORMAT_NAMES[self.format_code]

    @property
    def trace_dtype(self) -> np.dtype:
        """Structured type of one trace: its header bytes and its samples."""
        samples = (self.stored_dtype, (self.n_samples,))
        return np.dtype([("header", f"V{TRACE_HEADER * self.trace_blocks}"), ("samples", *samples)])

    @property
    def end(self) -> int:
        """Offset in bytes of what follows the last trace."""
        return self.first_trace + self.n_traces * self.trace_dtype.itemsize

    def map_traces(
        self, mode: Literal["r", "r+"] = "r", start: int = 0, stop: int | None = None
    ) -> np.memmap:
        """Map traces, by default all: a structured array of shape (stop - start,)."""
        stop = self.n_traces if stop is None else stop
        offset = self.first_trace + start * self.trace_dtype.itemsize
        return np.memmap(self.path, self.trace_dtype, mode, offset=offset, shape=(stop - start,))


def read_layout(path: Path) -> SegyLayout:
    """Divide a file into its traces.

    Raises
    ------
    SurveyError
        If the file cannot be read, is not SEG-Y, is cut off, or holds samples in a format
        that is not supported.
    """
    header = read_file_header(path)
    size = path.stat().st_size
    if header.n_samples < 1:
        raise SurveyError(
            f"{path.name} says {header.n_samples} samples per trace (bytes 3221-3222). "
            "Export it again."
        )
    if header.trace_blocks < 1 or header.text_blocks < UNCOUNTED:
        raise SurveyError(
            f"{path.name} says {header.text_blocks} extended text headers (bytes 3505-3506) and "
            f"{header.trace_blocks - 1} more headers per trace (3507-3508), which cannot be. "
            "Export it again."
        )
    first = _first_trace(header, path, size)
    n_traces = _count_traces(header, path, first, size)
    return SegyLayout(
        path=path,
        endian=header.endian,
        format_code=header.format_code,
        n_traces=n_traces,
        n_samples=header.n_samples,
        first_trace=first,
        interval_us=header.interval_us,
        trace_blocks=header.trace_blocks,
        length_unit=header.length_unit,
    )


def _first_trace(header: FileHeader, path: Path, size: int) -> int:
    if header.first_trace:
        return header.first_trace
    if header.text_blocks != UNCOUNTED:
        return FILE_HEADER + TEXT_BLOCK * header.text_blocks
    with path.open("rb") as file:
        file.seek(FILE_HEADER)
        while len(block := file.read(TEXT_BLOCK)) == TEXT_BLOCK:
            if ends_the_text(block):
                return file.tell()
            if file.tell() > MOST_TEXT:
                break
    raise SurveyError(
        f"{path.name} does not count its extended text headers (bytes 3505-3506 are -1), and none "
        "of them says ((SEG: EndText)). Export it with a fixed number of them."
    )


def _count_traces(header: FileHeader, path: Path, first: int, size: int) -> int:
    """Whole traces between headers and trailers: no rest may be left."""
    itemsize = _stored_dtype(header.format_code, header.endian).itemsize
    trace_bytes = TRACE_HEADER * header.trace_blocks + header.n_samples * itemsize
    room = size - first - TEXT_BLOCK * max(header.trailers, 0)
    if header.trailers < 0 and 0 < header.n_traces * trace_bytes <= room:
        room = header.n_traces * trace_bytes
    if room < trace_bytes or room % trace_bytes or first < FILE_HEADER:
        raise SurveyError(
            f"{path.name} holds {room / trace_bytes:.2f} traces of {header.n_samples} samples as "
            f"{FORMAT_NAMES[header.format_code]}, not a whole number: it is cut off, or its binary "
            "header is wrong. Copy or export it again."
        )
    return room // trace_bytes


def _stored_dtype(format_code: int, endian: Endian) -> np.dtype:
    return np.dtype((">" if endian == "big" else "<") + STORED_DTYPES[format_code])
