"""A grid of inlines and crosslines, as trace headers give it.

Owns how well a pair of header bytes explains the traces, and the map from grid position to
trace.  Knows nothing of samples, nor which bytes are the right ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LineAxis:
    """The line numbers of all traces along one axis, on a regular step.

    Parameters
    ----------
    numbers : ndarray of int64, shape (n_traces,)
        Line number of every trace.
    """

    numbers: Numbers = field(repr=False)

    @cached_property
    def distinct(self) -> Numbers:
        """Different line numbers, ascending."""
        return np.unique(self.numbers)

    @cached_property
    def step(self) -> int:
        """Greatest common divisor of the distances between lines; 1 for a single line."""
        return int(np.gcd.reduce(np.diff(self.distinct))) or 1

    @property
    def count(self) -> int:
        """Lines from first to last, lines without traces included."""
        return (int(self.distinct[-1]) - int(self.distinct[0])) // self.step + 1

    @property
    def lines(self) -> Numbers:
        """Regular line numbers, ascending, shape (count,)."""
        return int(self.distinct[0]) + self.step * np.arange(self.count, dtype=np.int64)

    @property
    def indices(self) -> Numbers:
        """Index into `lines` of every trace, shape (n_traces,)."""
        return (self.numbers - self.distinct[0]) // self.step


@dataclass(frozen=True, eq=False)
class LineGrid:
    """One reading of the trace headers as a grid of lines.

    Parameters
    ----------
    header_bytes : tuple of int
        Trace header bytes of inline and crossline; 0: counted, not read.
    inline, crossline : LineAxis
        Line numbers of every trace.
    """

    header_bytes: tuple[int, int]
    inline: LineAxis
    crossline: LineAxis

    @property
    def n_traces(self) -> int:
        """Traces in the file."""
        return len(self.inline.numbers)

    @property
    def n_cells(self) -> int:
        """Positions of the grid: a Python integer, for it may be absurdly large."""
        return self.inline.count * self.crossline.count

    @cached_property
    def first_traces(self) -> Numbers:
        """Number of the first trace at each occupied position, ascending."""
        if self.n_cells < 1 << 62:
            cells = self.inline.indices * self.crossline.count + self.crossline.indices
            return np.sort(np.unique(cells, return_index=True)[1])
        pairs = np.stack([self.inline.numbers, self.crossline.numbers], axis=1)
        return np.sort(np.unique(pairs, axis=0, return_index=True)[1])

    @property
    def duplicates(self) -> int:
        """Traces whose position an earlier trace has already."""
        return self.n_traces - len(self.first_traces)

    @property
    def fold(self) -> float:
        """Traces per occupied position."""
        return self.n_traces / len(self.first_traces)

    @property
    def live_fraction(self) -> float:
        """Share of the grid's positions that hold a trace."""
        return len(self.first_traces) / self.n_cells

    @property
    def score(self) -> float:
        """How well the grid explains the traces, 0 to 1: full, and every position once."""
        return self.live_fraction / self.fold

    @property
    def n_lines(self) -> tuple[int, int]:
        """Different inline and crossline numbers in the headers."""
        return len(self.inline.distinct), len(self.crossline.distinct)

    def trace_map(self) -> NDArray[np.int64]:
        """Trace number at every position, shape (n_inlines, n_crosslines); -1: none."""
        traces = np.full((self.inline.count, self.crossline.count), -1, dtype=np.int64)
        first = self.first_traces
        traces[self.inline.indices[first], self.crossline.indices[first]] = first
        return traces
