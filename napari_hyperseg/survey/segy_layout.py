"""How a SEG-Y file is laid out: byte order, sample format, where the traces lie.

Owns the textual and binary file headers and the checks that a file *is* SEG-Y.  Numbers in
comments are byte positions of the SEG-Y standard (revision 2.1), counted from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import segyio

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy_formats import FORMAT_NAMES, STORED_DTYPES

Endian = Literal["big", "little"]

FILE_HEADER = 3600  # 3200 bytes of text, 400 of binary header
TRACE_HEADER = 240
TEXT_BLOCK = 3200


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
    interval_us : int
        Sample interval of the binary header in microseconds; may be zero or negative.
    """

    path: Path
    endian: Endian
    format_code: int
    n_traces: int
    n_samples: int
    first_trace: int
    interval_us: int

    @property
    def stored_dtype(self) -> np.dtype:
        """Numpy type of a stored sample, byte order included."""
        order = ">" if self.endian == "big" else "<"
        return np.dtype(order + STORED_DTYPES[self.format_code])

    @property
    def format_name(self) -> str:
        """The sample format in words."""
        return FORMAT_NAMES[self.format_code]

    @property
    def trace_dtype(self) -> np.dtype:
        """Structured type of one trace: its header bytes and its samples."""
        samples = (self.stored_dtype, (self.n_samples,))
        return np.dtype([("header", f"V{TRACE_HEADER}"), ("samples", *samples)])

    def map_traces(self, mode: Literal["r", "r+"] = "r") -> np.memmap:
        """Map all traces: a structured array of shape (n_traces,)."""
        return np.memmap(
            self.path, self.trace_dtype, mode, offset=self.first_trace, shape=(self.n_traces,)
        )


def read_layout(path: Path) -> SegyLayout:
    """Read the file headers.

    Raises
    ------
    SurveyError
        If the file cannot be read, is not SEG-Y, is cut off, or holds samples in a format
        that is not supported.
    """
    header = _read_file_header(path)
    endian, code = _sniff(path, header)
    _refuse_unsupported(path, header, endian, code)
    try:
        with segyio.open(path, ignore_geometry=True, endian=endian) as file:
            n_traces, n_samples = file.tracecount, len(file.samples)
            first_trace = FILE_HEADER + TEXT_BLOCK * file.ext_headers
            interval_us = file.bin[segyio.BinField.Interval]
    except (RuntimeError, OSError, ValueError, IndexError) as error:
        raise SurveyError(_why_unreadable(path, header, endian, code)) from error
    return SegyLayout(path, endian, code, n_traces, n_samples, first_trace, interval_us)


def _read_file_header(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            header = file.read(FILE_HEADER)
    except FileNotFoundError as error:
        raise SurveyError(f"{path} does not exist. Check the path.") from error
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}.") from error
    if len(header) < FILE_HEADER or path.stat().st_size <= FILE_HEADER + TRACE_HEADER:
        raise SurveyError(
            f"{path.name} has {path.stat().st_size} bytes, too few for a SEG-Y file "
            f"({FILE_HEADER} bytes of headers and a trace). Copy or export it again."
        )
    return header


def _field(header: bytes, byte: int, endian: Endian) -> int:
    return int.from_bytes(header[byte - 1 : byte + 1], endian)


def _sniff(path: Path, header: bytes) -> tuple[Endian, int]:
    for endian in ("big", "little"):
        if (code := _field(header, 3225, endian)) in FORMAT_NAMES:
            return endian, code
    raise SurveyError(
        f"{path.name} is not SEG-Y: its sample format code (bytes 3225-3226) is "
        f"{_field(header, 3225, 'big')}, and the standard knows 1 to 16. Choose a SEG-Y file."
    )


def _refuse_unsupported(path: Path, header: bytes, endian: Endian, code: int) -> None:
    if code not in STORED_DTYPES:
        raise SurveyError(
            f"{path.name} stores its samples as {FORMAT_NAMES[code]} (format {code}), which is "
            "not supported. Export it as IEEE or IBM float (format 5 or 1)."
        )
    extra = _field(header, 3507, endian) if _revision(header) >= 2 else 0
    if extra:
        raise SurveyError(
            f"{path.name} has {extra} additional header block(s) per trace (SEG-Y revision 2), "
            "which are not supported. Export it as SEG-Y revision 1."
        )
    if _field(header, 3505, endian) == 0xFFFF:
        raise SurveyError(
            f"{path.name} does not count its extended text headers (bytes 3505-3506 are -1), "
            "which is not supported. Export it with a fixed number of them."
        )


def _revision(header: bytes) -> int:
    return header[3500]


def _why_unreadable(path: Path, header: bytes, endian: Endian, code: int) -> str:
    n_samples = _field(header, 3221, endian)
    if n_samples == 0:
        return f"{path.name} says 0 samples per trace (bytes 3221-3222). Export it again."
    trace_bytes = TRACE_HEADER + n_samples * np.dtype(STORED_DTYPES[code]).itemsize
    first = FILE_HEADER + TEXT_BLOCK * _field(header, 3505, endian)
    traces = (path.stat().st_size - first) / trace_bytes
    return (
        f"{path.name} holds {traces:.2f} traces of {n_samples} samples as {FORMAT_NAMES[code]}, "
        "not a whole number: it is cut off, or its binary header is wrong. Copy or export it again."
    )
