"""Trace header fields of a SEG-Y file, read in bulk.

Owns the byte numbers of single fields (standard revision 1, counted from 1) and what they
say about coordinates, start time and interval.  The line grid is `segy_lines`' business.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import segyio
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy_layout import SegyLayout

TRACE_KIND = 29
DEAD = 2
OFFSET = 37
COORDINATE_SCALAR = 71
DELAY_MS = 109
SAMPLES = 115
INTERVAL_US = 117
CDP_X, CDP_Y = 181, 185
TIME_SCALAR = 215

ReadField = Callable[[int], NDArray[np.int64]]
"""Header byte -> that field of every trace, shape (n_traces,)."""


def field_reader(layout: SegyLayout) -> ReadField:
    """Read fields of all traces by their byte number; each field is read once.

    Raises
    ------
    SurveyError
        (From the returned function) if the byte is not the start of a header field.
    """
    known: dict[int, NDArray[np.int64]] = {}

    def read(byte: int) -> NDArray[np.int64]:
        if byte not in known:
            known[byte] = _read_field(layout, byte)
        return known[byte]

    return read


def _read_field(layout: SegyLayout, byte: int) -> NDArray[np.int64]:
    if byte not in segyio.TraceField.enums():
        raise SurveyError(
            f"Byte {byte} is not the start of a trace header field. Give the first byte of a "
            "field, for example 189."
        )
    with segyio.open(layout.path, ignore_geometry=True, endian=layout.endian) as file:
        return file.attributes(byte)[:].astype(np.int64)


def scaled(values: NDArray[np.int64], scalar: NDArray[np.int64]) -> NDArray[np.float64]:
    """Apply a SEG-Y scalar: positive multiplies, negative divides, zero leaves alone."""
    factor = np.where(scalar < 0, -1.0 / np.minimum(scalar, -1), np.maximum(scalar, 1))
    return np.asarray(values * factor, dtype=np.float64)


def interval_us(layout: SegyLayout, read: ReadField) -> float:
    """Sample interval: of the binary header, else the commonest of the trace headers.

    Raises
    ------
    SurveyError
        If neither gives a positive interval.
    """
    if layout.interval_us > 0:
        return float(layout.interval_us)
    values, counts = np.unique(read(INTERVAL_US), return_counts=True)
    if not np.any(values > 0):
        raise SurveyError(
            f"{layout.path.name} gives no positive sample interval: the binary header says "
            f"{layout.interval_us} us, the trace headers {int(values[np.argmax(counts)])} us. "
            "Write the interval into bytes 3217-3218."
        )
    return float(values[values > 0][np.argmax(counts[values > 0])])


def start_ms(read: ReadField) -> tuple[float, bool]:
    """Time of the first sample, and whether the traces agree on it.

    Traces that start at other times than most are not shifted.
    """
    delays = scaled(read(DELAY_MS), read(TIME_SCALAR))
    values, counts = np.unique(delays, return_counts=True)
    return float(values[np.argmax(counts)]), len(values) == 1


def map_coordinates(read: ReadField) -> NDArray[np.float64]:
    """Map position of every trace, shape (n_traces, 2), in the file's unit of length."""
    scalar = read(COORDINATE_SCALAR)
    return np.stack([scaled(read(CDP_X), scalar), scaled(read(CDP_Y), scalar)], axis=1)
