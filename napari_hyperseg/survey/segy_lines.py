"""Find the inline and crossline grid of a SEG-Y file from its trace headers.

Owns the candidate header bytes, how well each explains the traces, and the map from grid
position to trace.  Knows nothing of samples.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Lines = NDArray[np.int64]

STANDARD_BYTES = (189, 193)
CANDIDATE_BYTES = (
    STANDARD_BYTES, (193, 189), (5, 21), (9, 21), (9, 13), (17, 21), (181, 185),
)  # fmt: skip
COUNTED = 0  # "header byte" of a line number that no header holds: traces are counted from 1


@dataclass(frozen=True, eq=False)
class LineGrid:
    """One reading of the trace headers as a grid of lines.

    Parameters
    ----------
    header_bytes : tuple of int
        Trace header bytes of inline and crossline; 0: counted, not read.
    inline_of, crossline_of : ndarray of int64, shape (n_traces,)
        Line numbers of every trace.
    """

    header_bytes: tuple[int, int]
    inline_of: Lines = field(repr=False)
    crossline_of: Lines = field(repr=False)

    @cached_property
    def inlines(self) -> Lines:
        """Regular inline numbers, ascending."""
        return _regular(self.inline_of)

    @cached_property
    def crosslines(self) -> Lines:
        """Regular crossline numbers, ascending."""
        return _regular(self.crossline_of)

    @property
    def n_traces(self) -> int:
        """Traces in the file."""
        return len(self.inline_of)

    @property
    def n_cells(self) -> int:
        """Positions of the grid, as a Python integer: it may be absurdly large."""
        return _count(self.inline_of) * _count(self.crossline_of)

    @cached_property
    def first_traces(self) -> Lines:
        """Number of the first trace at each occupied position."""
        pairs = np.stack([self.inline_of, self.crossline_of], axis=1)
        return np.sort(np.unique(pairs, axis=0, return_index=True)[1])

    @property
    def duplicates(self) -> int:
        """Traces whose position an earlier trace has already."""
        return self.n_traces - len(self.first_traces)

    @property
    def live_fraction(self) -> float:
        """Share of the grid's positions that hold a trace."""
        return len(self.first_traces) / self.n_cells

    @property
    def score(self) -> float:
        """How well the grid explains the traces, 0 to 1: full, and every position once."""
        return self.live_fraction * len(self.first_traces) / self.n_traces

    @property
    def n_lines(self) -> tuple[int, int]:
        """Distinct inline and crossline numbers in the headers."""
        return len(np.unique(self.inline_of)), len(np.unique(self.crossline_of))

    def trace_map(self) -> NDArray[np.int64]:
        """Trace number at every position, shape (n_inlines, n_crosslines); -1: none."""
        traces = np.full((len(self.inlines), len(self.crosslines)), -1, dtype=np.int64)
        first = self.first_traces
        i = (self.inline_of[first] - self.inlines[0]) // _gcd_step(self.inline_of)
        j = (self.crossline_of[first] - self.crosslines[0]) // _gcd_step(self.crossline_of)
        traces[i, j] = first
        return traces


def _gcd_step(numbers: Lines) -> int:
    return int(np.gcd.reduce(np.diff(np.unique(numbers)))) or 1


def _count(numbers: Lines) -> int:
    return (int(numbers.max()) - int(numbers.min())) // _gcd_step(numbers) + 1


def _regular(numbers: Lines) -> Lines:
    return int(numbers.min()) + _gcd_step(numbers) * np.arange(_count(numbers), dtype=np.int64)
