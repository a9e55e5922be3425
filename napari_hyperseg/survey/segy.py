"""Open SEG-Y files as surveys.

Owns what is refused and what is only warned of.  File header, trace header fields, choice of
header bytes, grid and samples have modules of their own beside this one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey import segy_headers as headers
from napari_hyperseg.survey.fingerprint import fingerprint
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.map_fit import fit_to_xy
from napari_hyperseg.survey.segy_choice import STANDARD_BYTES, find_grid, is_prestack
from napari_hyperseg.survey.segy_info import SegyInfo, inform
from napari_hyperseg.survey.segy_layout import SegyLayout, read_layout
from napari_hyperseg.survey.segy_lines import LineGrid
from napari_hyperseg.survey.segy_volume import SegyVolume
from napari_hyperseg.survey.survey import SegySource, Survey


def open_survey(path: str | Path, header_bytes: tuple[int, int] | None = None) -> Survey:
    """Open a SEG-Y file: index its headers, map its samples.

    Parameters
    ----------
    path : str or Path
        The file.
    header_bytes : tuple of int, or None
        Trace header bytes of inline and crossline; None: find them.

    Raises
    ------
    SurveyError
        If the file cannot be read as a survey: one line that says why and what to do.
    """
    layout, read, grid = _index(path, header_bytes)
    if is_prestack(read, grid):
        raise SurveyError(_prestack_message(grid, layout.path.name))
    trace_map = _without_dead(grid.trace_map(), read(headers.TRACE_KIND))
    geometry = _geometry(layout, read, grid, trace_map)
    source = SegySource(
        path=layout.path,
        header_bytes=grid.header_bytes,
        format_code=layout.format_code,
        format=layout.format_name,
        endian=layout.endian,
        fingerprint=fingerprint(layout.path),
        warnings=_warnings(layout, read, grid, trace_map),
    )
    return Survey(geometry, SegyVolume(layout, trace_map), source)


def describe_segy(path: str | Path, header_bytes: tuple[int, int] | None = None) -> SegyInfo:
    """Say what a SEG-Y file holds, prestack files included.

    Parameters
    ----------
    path : str or Path
        The file.
    header_bytes : tuple of int, or None
        Trace header bytes of inline and crossline; None: find them.

    Raises
    ------
    SurveyError
        If the file is not SEG-Y that can be read, or no header bytes make sense of it.
    """
    layout, read, grid = _index(path, header_bytes)
    prestack = is_prestack(read, grid)
    trace_map = _without_dead(grid.trace_map(), read(headers.TRACE_KIND))
    geometry = _geometry(layout, read, grid, trace_map)
    warnings = _warnings(layout, read, grid, trace_map)
    if prestack:
        warnings = (_prestack_message(grid, layout.path.name), *warnings)
    return inform(layout, read, grid, geometry, prestack=prestack, warnings=warnings)


def _index(
    path: str | Path, header_bytes: tuple[int, int] | None
) -> tuple[SegyLayout, headers.ReadField, LineGrid]:
    layout = read_layout(Path(path).expanduser().absolute())
    read = headers.field_reader(layout)
    return layout, read, find_grid(read, header_bytes, layout.path.name)


def _prestack_message(grid: LineGrid, name: str) -> str:
    inline, crossline = grid.header_bytes
    return (
        f"{name} is prestack: {grid.fold:.1f} traces per position by header bytes {inline} and "
        f"{crossline}. Stack it or extract one offset first, or give other header bytes."
    )


def _without_dead(trace_map: NDArray[np.int64], kind: NDArray[np.int64]) -> NDArray[np.int64]:
    dead = kind == headers.DEAD
    if dead.all():  # a writer's default rather than a statement
        return trace_map
    return np.where(dead[trace_map], -1, trace_map)  # -1 stays -1, whatever it looks up


def _geometry(
    layout: SegyLayout, read: headers.ReadField, grid: LineGrid, trace_map: NDArray[np.int64]
) -> Geometry:
    live = trace_map >= 0
    lines = np.stack([grid.inline.numbers, grid.crossline.numbers], axis=1)
    return Geometry(
        inlines=grid.inline.lines,
        crosslines=grid.crossline.lines,
        n_samples=layout.n_samples,
        start_ms=headers.start_ms(read)[0],
        sample_interval_ms=headers.interval_us(layout, read) / 1000.0,
        live=None if live.all() else live,
        to_xy=fit_to_xy(lines[grid.first_traces], headers.map_coordinates(read)[grid.first_traces]),
    )


def _warnings(
    layout: SegyLayout, read: headers.ReadField, grid: LineGrid, trace_map: NDArray[np.int64]
) -> tuple[str, ...]:
    missing = int(np.count_nonzero(trace_map < 0))
    inline, crossline = (str(byte) if byte else "a count" for byte in grid.header_bytes)
    conditions = {
        f"Line numbers come from header bytes {inline} and {crossline}, not from the standard "
        "189 and 193.": grid.header_bytes != STANDARD_BYTES,
        f"{grid.duplicates} of {grid.n_traces} traces repeat a position; the first of each is "
        "kept.": grid.duplicates > 0,
        f"{missing} of {trace_map.size} positions have no live trace; they read as zero.": missing,
        f"The grid has {trace_map.size} positions for {grid.n_traces} traces: are these the right "
        "header bytes?": trace_map.size > 2 * grid.n_traces,
        "Traces start at different times; the commonest is used.": not headers.start_ms(read)[1],
        f"The binary header gives no sample interval ({layout.interval_us} us); the trace "
        "headers' is used.": layout.interval_us <= 0,
    }
    return tuple(line for line, holds in conditions.items() if holds)
