"""A grid of inlines and crosslines, as trace headers give it.

Owns how well a pair of header bytes explains the traces, and the map from grid position to
trace.  Knows nothing of samples, nor which bytes are the right ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.segy.trace_headers import Numbers

Cells = NDArray[np.int64]
TABLE = 8  # entries a trace, up to which a table is quicker than sorting


@dataclass(frozen=True, eq=False)
class LineAxis:
    """The line numbers of all traces along one axis, on a regular step.

    Parameters
    ----------
    numbers : ndarray of int, shape (n_traces,)
        Line number of every trace.
    """

    numbers: Numbers = field(repr=False)

    @cached_property
    def distinct(self) -> NDArray[np.int64]:
        """Different line numbers, ascending."""
        first, last = int(self.numbers.min()), int(self.numbers.max())
        if last - first > TABLE * len(self.numbers):
            return np.unique(self.numbers).astype(np.int64)
        there = np.zeros(last - first + 1, bool)
        there[self.numbers.astype(np.int64) - first] = True
        return first + np.flatnonzero(there)

    @cached_property
    def step(self) -> int:
        """Greatest common divisor of the distances between lines; 1 for a single line."""
        return int(np.gcd.reduce(np.diff(self.distinct))) or 1

    @property
    def count(self) -> int:
        """Lines from first to last, lines without traces included."""
        return (int(self.distinct[-1]) - int(self.distinct[0])) // self.step + 1

    @property
    def lines(self) -> NDArray[np.int64]:
        """Regular line numbers, ascending, shape (count,)."""
        return int(self.distinct[0]) + self.step * np.arange(self.count, dtype=np.int64)

    @property
    def indices(self) -> NDArray[np.int64]:
        """Index into `lines` of every trace, shape (n_traces,)."""
        indices = self.numbers - np.int64(self.distinct[0])
        indices //= self.step
        return indices


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

    @property
    def shape(self) -> tuple[int, int]:
        """(n_inlines, n_crosslines)."""
        return self.inline.count, self.crossline.count

    @cached_property
    def n_positions(self) -> int:
        """Positions that hold a trace."""
        if self.n_cells > TABLE * self.n_traces:
            return len(np.unique(self._names()))
        there = np.zeros(self.n_cells, bool)
        there[self.cells()] = True
        return int(np.count_nonzero(there))

    @property
    def duplicates(self) -> int:
        """Traces whose position an earlier trace has already."""
        return self.n_traces - self.n_positions

    @property
    def fold(self) -> float:
        """Traces per occupied position."""
        return self.n_traces / self.n_positions

    @property
    def live_fraction(self) -> float:
        """Share of the grid's positions that hold a trace."""
        return self.n_positions / self.n_cells

    @property
    def score(self) -> float:
        """How well the grid explains the traces, 0 to 1: full, and every position once."""
        return self.live_fraction / self.fold

    @property
    def n_lines(self) -> tuple[int, int]:
        """Different inline and crossline numbers in the headers."""
        return len(self.inline.distinct), len(self.crossline.distinct)

    def cells(self) -> Cells:
        """Position of every trace in the flattened grid."""
        cells = self.inline.indices
        cells *= self.crossline.count
        cells += self.crossline.indices
        return cells

    def trace_map(self, traces: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Trace number at every position, the first of several; -1: none.

        Parameters
        ----------
        traces : ndarray of int64, optional
            Numbers of the traces to take, ascending; by default all.

        Returns
        -------
        ndarray, shape `shape`
        """
        traces = np.arange(self.n_traces) if traces is None else traces
        found = np.full(self.n_cells, -1, np.int64)
        found[self.cells()[traces[::-1]]] = traces[::-1]  # of equal places the last is kept
        return found.reshape(self.shape)

    def _names(self) -> Cells:
        """A number for every trace that only traces of the same two lines share."""
        low = self.crossline.numbers.astype(np.int64) & 0xFFFFFFFF
        return self.inline.numbers.astype(np.int64) << 32 | low
