"""Prestack files: positions that hold several traces, told apart by their offset."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import ReadingError
from napari_hyperseg.survey.segy.lines import LineAxis, LineGrid
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.trace_headers import OFFSET, ReadField

SPARSEST = 0.05  # share of the places in gathers of one length that hold a trace
NAMED_OFFSETS = 6  # in a message


def is_prestack(read: ReadField, grid: LineGrid) -> bool:
    """Whether positions hold several traces: of different offsets, or more than two."""
    if grid.duplicates == 0:
        return False
    offset = LineAxis(read(OFFSET))
    places = np.searchsorted(offset.distinct, offset.numbers)
    n_offsets = len(np.unique(grid.cells() * len(offset.distinct) + places))
    return grid.fold > 2 or 2 * n_offsets > 3 * grid.n_positions


def offsets(read: ReadField) -> tuple[int, ...]:
    """Different offsets, ascending."""
    return tuple(int(offset) for offset in LineAxis(read(OFFSET)).distinct)


def of_offset(read: ReadField, offset: int, name: str) -> NDArray[np.int64]:
    """Numbers of the traces with an offset, ascending.

    Raises
    ------
    ReadingError
        If there are none.
    """
    traces = np.flatnonzero(read(OFFSET) == offset)
    if len(traces) == 0:
        raise ReadingError(f"{name} has no offset {offset}; it has {_named(offsets(read))}.")
    return traces


def stacked(grid: LineGrid, traces: NDArray[np.int64], name: str) -> list[NDArray[np.int64]]:
    """Trace maps of the first trace at every position, of the second, and so on.

    Parameters
    ----------
    grid : LineGrid
    traces : ndarray of int64
        Numbers of the traces to take, ascending.
    name : str
        The file's, for the message.

    Raises
    ------
    ReadingError
        If few positions hold many traces and many hold few.
    """
    cells = grid.cells()[traces]
    order = np.argsort(cells, kind="stable")
    cells, traces = cells[order], traces[order]
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    rank = np.arange(len(cells)) - np.repeat(starts, np.diff(starts, append=len(cells)))
    fold = int(rank.max()) + 1
    if len(traces) < SPARSEST * fold * grid.n_cells:
        raise ReadingError(
            f"{name} has up to {fold} traces at a position and {grid.fold:.1f} on average, by "
            f"header bytes {grid.header_bytes[0]} and {grid.header_bytes[1]}.",
            "Give other ones.",
        )
    maps = np.full((fold, grid.n_cells), -1, np.int64)
    maps[rank, cells] = traces
    return list(maps.reshape(fold, *grid.shape))


def how_to_choose(read: ReadField, grid: LineGrid, name: str) -> ReadingError:
    """Say that a file is prestack, and what can be done with it."""
    inline, crossline = grid.header_bytes
    found = offsets(read)
    by_offset = f"Choose one of its offsets ({_named(found)}) with --offset, or s"
    return ReadingError(
        f"{name} is prestack: {grid.fold:.1f} traces per position by header bytes {inline} and "
        f"{crossline}.",
        f"{by_offset if len(found) > 1 else 'S'}tack them with --stack, or give other header "
        "bytes.",
    )


def choose(
    read: ReadField, grid: LineGrid, traces: NDArray[np.int64], reading: Reading, name: str
) -> list[NDArray[np.int64]]:
    """The trace maps of a survey: one, or several to be stacked.

    Raises
    ------
    ReadingError
        If there is no trace of the offset.
    """
    if reading.stack:
        return stacked(grid, traces, name)
    if reading.offset is not None:
        wanted = of_offset(read, reading.offset, name)
        traces = np.intersect1d(traces, wanted, assume_unique=True)
    return [grid.trace_map(traces)]


def _named(found: tuple[int, ...]) -> str:
    if len(found) <= NAMED_OFFSETS:
        return ", ".join(map(str, found))
    return f"{len(found)} from {found[0]} to {found[-1]}"
