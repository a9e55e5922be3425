"""Trace header fields of a SEG-Y file, read in bulk: one pass over the file for all of them.

Owns the byte numbers of single fields (standard revision 1, counted from 1) and what they
say about coordinates, start time and interval.  The line grid is the business of `lines`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import ReadingError, SurveyError
from napari_hyperseg.survey.segy.file_header import TRACE_HEADER
from napari_hyperseg.survey.segy.layout import SegyLayout

TRACE_KIND = 29
DEAD = 2
OFFSET = 37
COORDINATE_SCALAR = 71
SOURCE_X, SOURCE_Y = 73, 77
GROUP_X, GROUP_Y = 81, 85
DELAY_MS = 109
INTERVAL_US = 117
CDP_X, CDP_Y = 181, 185
TIME_SCALAR = 215

SHORT_FIELDS = {  # of two bytes, by the standard; all others are taken as four
    *range(29, 37, 2), 69, 71, *range(89, 181, 2), 201, 203, *range(209, 219, 2), 229, 231,
}  # fmt: skip
USUAL_FIELDS = (
    1, 5, 9, 13, 17, 21, TRACE_KIND, OFFSET, COORDINATE_SCALAR, SOURCE_X, SOURCE_Y, GROUP_X,
    GROUP_Y, DELAY_MS, INTERVAL_US, CDP_X, CDP_Y, 189, 193, TIME_SCALAR,
)  # fmt: skip
BLOCK_BYTES = 64 << 20  # of the file, mapped at a time

Numbers = NDArray[np.signedinteger[Any]]
ReadField = Callable[[int], Numbers]
"""Header byte -> that field of every trace, shape (n_traces,)."""

Progress = Callable[[int, int], None]
"""Is told how many of how many traces are done."""


class TraceHeaders:
    """The fields of all trace headers, by byte number.

    A field that is the same in every trace takes no memory, the others four bytes a trace.

    Parameters
    ----------
    layout : SegyLayout
        Of the file.
    progress : callable, optional
        Told of each block of traces in a pass over the file: the first, and one for each field
        that is not usual.  What it raises ends the pass.

    Attributes
    ----------
    progress : callable or None
        May be exchanged between passes.
    """

    def __init__(self, layout: SegyLayout, progress: Progress | None = None) -> None:
        self._layout = layout
        self._fields: dict[int, Numbers] = {}
        self.progress = progress
        self._read_all(USUAL_FIELDS)

    @property
    def last_byte(self) -> int:
        """The last byte at which a field of four can begin."""
        return TRACE_HEADER * self._layout.trace_blocks - 3

    def __call__(self, byte: int) -> Numbers:
        """Field of every trace, shape (n_traces,); not to be written to.

        Raises
        ------
        ReadingError
            If no field of four bytes can begin there.
        """
        if byte not in self._fields:
            if not 1 <= byte <= self.last_byte:
                raise ReadingError(
                    f"Byte {byte} is not in a trace header.",
                    f"Give the first byte of a number, 1 to {self.last_byte}, for example 189.",
                )
            self._read_all((byte,))
        return self._fields[byte]

    def _read_all(self, wanted: tuple[int, ...]) -> None:
        n_traces = self._layout.n_traces
        columns = {byte: _Column(n_traces) for byte in wanted}
        block = max(1, BLOCK_BYTES // self._layout.trace_dtype.itemsize)
        for start in range(0, n_traces, block):
            stop = min(start + block, n_traces)
            # A map of its own for each block: what was read does not stay in memory.
            headers = self._layout.map_traces("r", start, stop)["header"]
            for byte, column in columns.items():
                column.put(start, self._field(headers, byte))
            if self.progress is not None:
                self.progress(stop, n_traces)
        self._fields |= {byte: column.values for byte, column in columns.items()}

    def _field(self, headers: np.ndarray, byte: int) -> Numbers:
        kind = "i2" if byte in SHORT_FIELDS else "i4"
        order = ">" if self._layout.endian == "big" else "<"
        place: Any = {
            "names": ["at"],
            "formats": [order + kind],
            "offsets": [byte - 1],
            "itemsize": headers.dtype.itemsize,
        }
        values: Numbers = headers.view(np.dtype(place))["at"].astype(kind)
        return values


class _Column:
    """A field of all traces, filled block by block."""

    def __init__(self, n_traces: int) -> None:
        self._n_traces = n_traces
        self.values: Numbers = np.empty(0, np.int32)

    def put(self, start: int, block: Numbers) -> None:
        if start == 0:
            self.values = np.broadcast_to(block[:1].copy(), self._n_traces)
        if self.values.strides == (0,) and np.any(block != self.values[0]):
            self.values = np.array(self.values)
        if self.values.strides != (0,):
            self.values[start : start + len(block)] = block


def scaled(values: Numbers, scalar: Numbers) -> NDArray[np.float64]:
    """Apply a SEG-Y scalar: positive multiplies, negative divides, zero leaves alone."""
    wide = scalar.astype(np.float64)
    factor = np.where(wide < 0, -1.0 / np.minimum(wide, -1), np.maximum(wide, 1))
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
            f"{layout.interval_us:g} us, the trace headers {int(values[np.argmax(counts)])} us. "
            "Write the interval into bytes 3217-3218."
        )
    return float(values[values > 0][np.argmax(counts[values > 0])])


def live_traces(read: ReadField) -> NDArray[np.int64]:
    """Numbers of the traces that are not called dead, ascending; all if every trace is."""
    kind = read(TRACE_KIND)
    live = np.flatnonzero(kind != DEAD)
    return live if len(live) else np.arange(len(kind))  # a writer's default, no statement
