"""Choose the header bytes that hold inline and crossline.

Owns the rules: the standard bytes win when they make sense; other bytes are believed only
when they explain nearly every trace; a 2D line may number its traces anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from napari_hyperseg.errors import ReadingError
from napari_hyperseg.survey.segy.gathers import is_prestack
from napari_hyperseg.survey.segy.lines import LineAxis, LineGrid
from napari_hyperseg.survey.segy.reading import NONE, STANDARD_LINES, BytePair
from napari_hyperseg.survey.segy.trace_headers import OFFSET, ReadField

CANDIDATE_BYTES: tuple[BytePair, ...] = (
    STANDARD_LINES, (193, 189), (5, 21), (9, 21), (9, 13), (17, 21), (181, 185),
)  # fmt: skip

SPARSEST = 0.01  # share of live positions below which a grid is nonsense
PLAUSIBLE = 0.5  # score from which the standard bytes are taken without looking further
CONVINCING = 0.9  # score from which other bytes are believed


def find_grid(read: ReadField, header_bytes: tuple[int, int] | None, name: str) -> LineGrid:
    """The grid of a file: from the bytes given, else found; prestack files too.

    Parameters
    ----------
    read : callable
        Reads a field of all trace headers.
    header_bytes : tuple of int, or None
        Bytes of inline and crossline; 0: count the traces; None: find them.
    name : str
        The file's name, for the messages.

    Raises
    ------
    ReadingError
        If no bytes make sense of the file, or those given do not.
    """
    if header_bytes is not None:
        return _dense_enough(grid_from(read, header_bytes), name)
    for grid in _guesses(read):
        return grid
    raise ReadingError(
        f"{name}: no trace header bytes give a grid of inlines and crosslines ({_tried(read)}).",
        "Give the right ones, for example --iline 189 --xline 193.",
    )


def grid_from(read: ReadField, header_bytes: tuple[int, int]) -> LineGrid:
    """The grid that a pair of header bytes gives; byte 0 counts traces, or lines, from 1."""
    inline, crossline = header_bytes
    n_traces = len(read(STANDARD_LINES[0]))
    crossline_of = read(crossline) if crossline else np.arange(1, n_traces + 1, dtype=np.int32)
    inline_of = read(inline) if inline else np.broadcast_to(np.int32(1), n_traces)
    return LineGrid(header_bytes, LineAxis(inline_of), LineAxis(crossline_of))


def candidates(read: ReadField) -> list[LineGrid]:
    """Grids of the candidate bytes in which a line number varies, best first."""
    grids = [grid_from(read, pair) for pair in CANDIDATE_BYTES]
    told = [grid for grid in grids if grid.n_lines != (1, 1)]
    return sorted(told, key=lambda grid: -grid.score)


def others_as_good(read: ReadField, grid: LineGrid) -> list[LineGrid]:
    """Grids of other bytes that explain the traces too, and arrange them in another way."""
    found = [other for other in candidates(read) if other.score >= CONVINCING]
    usual = {grid.n_lines, grid.n_lines[::-1]}
    return [other for other in found if other.n_lines not in usual and min(other.n_lines) > 1]


def _guesses(read: ReadField) -> Iterator[LineGrid]:
    """Acceptable grids, the most trusted first; later ones are worked out only if needed."""
    standard = grid_from(read, STANDARD_LINES)
    tells = standard.n_traces == 1 or standard.n_lines != (1, 1)
    stacked = not _varies(read, OFFSET)
    dense = standard.live_fraction >= SPARSEST
    if tells and standard.score >= PLAUSIBLE:
        yield standard
    if dense and not stacked and is_prestack(read, standard):
        yield standard
    if stacked:
        cubes = [grid for grid in candidates(read) if min(grid.n_lines) > 1]
        yield from (grid for grid in cubes if grid.score >= CONVINCING)
        yield from _line(read)
    if tells and dense:
        yield standard


def _line(read: ReadField) -> Iterator[LineGrid]:
    """A 2D line whose traces are numbered elsewhere, or nowhere."""
    inline = STANDARD_LINES[0]
    if _varies(read, inline):
        return
    yield from (grid_from(read, (inline, byte)) for byte in (21, 17) if _numbers(read, byte))
    if not any(_varies(read, byte) for byte in (193, 9, 13, 17, 21)):
        numbered = [byte for byte in (5, 1) if _numbers(read, byte)]
        yield grid_from(read, (inline, (numbered or [NONE])[0]))


def _varies(read: ReadField, byte: int) -> bool:
    values = read(byte)
    return bool(np.any(values != values[0]))


def _numbers(read: ReadField, byte: int) -> bool:
    """Whether a field numbers the traces one by one."""
    return grid_from(read, (NONE, byte)).score >= CONVINCING


def _dense_enough(grid: LineGrid, name: str) -> LineGrid:
    if grid.live_fraction >= SPARSEST:
        return grid
    inline, crossline = grid.header_bytes
    raise ReadingError(
        f"{name}: bytes {inline} and {crossline} give a grid of {grid.n_cells} positions for "
        f"{grid.n_traces} traces.",
        "Give the bytes that hold inline and crossline numbers.",
    )


def _tried(read: ReadField) -> str:
    scores = [f"{g.header_bytes[0]}/{g.header_bytes[1]}: {g.score:.0%}" for g in candidates(read)]
    return ", ".join(scores) or "they are the same in every trace"
