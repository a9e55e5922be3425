"""Choose the header bytes that hold inline and crossline.

Owns the rules: the standard bytes win when they make sense; other bytes are believed only
when they explain nearly every trace; a 2D line may number its traces anywhere; files with
several traces per position are refused by name.
"""

from __future__ import annotations

import numpy as np

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy_headers import OFFSET, ReadField
from napari_hyperseg.survey.segy_lines import CANDIDATE_BYTES, COUNTED, STANDARD_BYTES, LineGrid

SPARSEST = 0.01  # share of live positions below which a grid is nonsense
PLAUSIBLE = 0.5  # score from which the standard bytes are taken without looking further
CONVINCING = 0.9  # score from which other bytes are believed
INLINE = STANDARD_BYTES[0]


def choose_grid(read: ReadField, header_bytes: tuple[int, int] | None, name: str) -> LineGrid:
    """The grid of a file: from the bytes given, else found.

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
    SurveyError
        If the file is prestack, or no bytes make sense of it.
    """
    if header_bytes is not None:
        return _checked(read, grid_from(read, header_bytes), name)
    standard = grid_from(read, STANDARD_BYTES)
    if _is_prestack(read, standard):
        raise SurveyError(_prestack_message(standard, name))
    guesses = [standard, _best_candidate(read), _line(read), standard]
    floors = [PLAUSIBLE, CONVINCING, CONVINCING, SPARSEST]
    for grid, floor in zip(guesses, floors, strict=True):
        if grid is not None and _tells(grid) and grid.score >= floor:
            return _checked(read, grid, name)
    raise SurveyError(
        f"{name}: no trace header bytes give a grid of inlines and crosslines "
        f"({_tried(read)}). Give the right ones, for example --iline 189 --xline 193."
    )


def grid_from(read: ReadField, header_bytes: tuple[int, int]) -> LineGrid:
    """The grid that a pair of header bytes gives; byte 0 counts traces, or lines, from 1."""
    inline, crossline = header_bytes
    n_traces = len(read(INLINE))
    crossline_of = read(crossline) if crossline else np.arange(1, n_traces + 1)
    inline_of = read(inline) if inline else np.ones(n_traces, dtype=np.int64)
    return LineGrid(header_bytes, inline_of, crossline_of)


def candidates(read: ReadField) -> list[LineGrid]:
    """Grids of the candidate bytes in which a line number varies, best first."""
    grids = [grid_from(read, pair) for pair in CANDIDATE_BYTES]
    told = [grid for grid in grids if grid.n_lines != (1, 1)]
    return sorted(told, key=lambda grid: -grid.score)


def _tells(grid: LineGrid) -> bool:
    return grid.n_traces == 1 or grid.n_lines != (1, 1)


def _best_candidate(read: ReadField) -> LineGrid | None:
    cubes = [grid for grid in candidates(read) if min(grid.n_lines) > 1]
    stacked = len(np.unique(read(OFFSET))) == 1
    return cubes[0] if cubes and stacked else None


def _line(read: ReadField) -> LineGrid | None:
    """A 2D line whose traces are numbered elsewhere, or nowhere."""
    if len(np.unique(read(INLINE))) > 1 or len(np.unique(read(OFFSET))) > 1:
        return None
    numbered = [byte for byte in (21, 17) if _numbers_traces(read, byte)]
    if not numbered and all(len(np.unique(read(byte))) == 1 for byte in (193, 9, 13, 17, 21)):
        numbered = [byte for byte in (5, 1) if _numbers_traces(read, byte)] or [COUNTED]
    return grid_from(read, (INLINE, numbered[0])) if numbered else None


def _numbers_traces(read: ReadField, byte: int) -> bool:
    return grid_from(read, (COUNTED, byte)).score >= CONVINCING


def _is_prestack(read: ReadField, grid: LineGrid) -> bool:
    """Whether traces at one position differ in offset, or most positions are repeated."""
    if grid.duplicates == 0 or len(np.unique(read(OFFSET))) == 1:
        return False
    triples = np.stack([grid.inline_of, grid.crossline_of, read(OFFSET)], axis=1)
    return 2 * len(np.unique(triples, axis=0)) > 3 * len(grid.first_traces)


def _prestack_message(grid: LineGrid, name: str) -> str:
    fold = grid.n_traces / len(grid.first_traces)
    return (
        f"{name} is prestack: {fold:.1f} traces per position ({grid.n_traces} traces, "
        f"{len(grid.first_traces)} positions). Stack it, or extract one offset, first."
    )


def _checked(read: ReadField, grid: LineGrid, name: str) -> LineGrid:
    if _is_prestack(read, grid) or 2 * grid.duplicates > grid.n_traces:
        raise SurveyError(_prestack_message(grid, name))
    if grid.live_fraction < SPARSEST:
        inline, crossline = grid.header_bytes
        raise SurveyError(
            f"{name}: bytes {inline} and {crossline} give a grid of {grid.n_cells} positions for "
            f"{grid.n_traces} traces. Give the bytes that hold inline and crossline numbers."
        )
    return grid


def _tried(read: ReadField) -> str:
    scores = [f"{g.header_bytes[0]}/{g.header_bytes[1]}: {g.score:.0%}" for g in candidates(read)]
    return ", ".join(scores) or "they are the same in every trace"
