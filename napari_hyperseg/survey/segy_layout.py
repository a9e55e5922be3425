"""How a SEG-Y file is laid out: byte order, sample format, where the traces lie.

Owns the map of the trace blocks.  That a file *is* SEG-Y is for `segy_file_header` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import segyio

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey import segy_file_header as file_header
from napari_hyperseg.survey.segy_file_header import FILE_HEADER, TEXT_BLOCK, TRACE_HEADER, Endian
from napari_hyperseg.survey.segy_formats import FORMAT_NAMES, STORED_DTYPES


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
    header = file_header.read_file_header(path)
    endian, code = file_header.byte_order_and_format(header, path)
    file_header.refuse_unsupported(header, endian, code, path)
    try:
        with segyio.open(path, ignore_geometry=True, endian=endian) as file:
            n_traces, n_samples = file.tracecount, len(file.samples)
            first_trace = FILE_HEADER + TEXT_BLOCK * file.ext_headers
            interval_us = file.bin[segyio.BinField.Interval]
    except (RuntimeError, OSError, ValueError, IndexError) as error:
        reason = file_header.why_unreadable(header, endian, code, path)
        raise SurveyError(reason) from error
    return SegyLayout(path, endian, code, n_traces, n_samples, first_trace, interval_us)
