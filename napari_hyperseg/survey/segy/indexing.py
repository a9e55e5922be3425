"""The index of a SEG-Y file: which trace lies where, worked out from the trace headers.

Owns what is refused and what is only warned of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.map_fit import MapFit
from napari_hyperseg.survey.segy import trace_headers as headers
from napari_hyperseg.survey.segy.choice import find_grid, others_as_good
from napari_hyperseg.survey.segy.coordinates import find_map
from napari_hyperseg.survey.segy.delays import Delays, read_delays
from napari_hyperseg.survey.segy.gathers import choose, how_to_choose, is_prestack
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.segy.lines import LineGrid
from napari_hyperseg.survey.segy.reading import STANDARD_LINES, Reading


@dataclass(frozen=True, eq=False)
class SegyIndex:
    """What the trace headers of a file say.

    Parameters
    ----------
    reading : Reading
        How they were read, completely.
    geometry : Geometry
        Of the survey.
    trace_maps : tuple of ndarray of int64, shape (n_inlines, n_crosslines)
        Trace number at every position, -1: none; several maps of a gather are to be stacked.
    shifts : ndarray of int32, shape (n_traces,), or None
        Samples by which each trace begins later than the survey; None: none does.
    warnings : tuple of str
        What the user should know, a line each.
    """

    reading: Reading
    geometry: Geometry
    trace_maps: tuple[NDArray[np.int64], ...]
    shifts: NDArray[np.int32] | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found on the way to an index, for who wants to know more.

    Parameters
    ----------
    grid : LineGrid
    prestack : bool
        Whether positions hold several traces.
    fit : MapFit or None
        Of coordinates to line numbers.
    """

    grid: LineGrid
    prestack: bool
    fit: MapFit | None


def index_traces(
    layout: SegyLayout, read: headers.ReadField, reading: Reading, *, describe: bool = False
) -> tuple[SegyIndex, Findings]:
    """Work out the index of a file.

    Parameters
    ----------
    layout : SegyLayout
    read : callable
        Reads a field of all trace headers.
    reading : Reading
        What the user says of the file.
    describe : bool
        Whether a prestack file of which nothing is said is taken by its first traces, with a
        warning, instead of being refused.

    Raises
    ------
    SurveyError
        If the headers make no survey: one line that says why and what to do.
    """
    name = layout.path.name
    grid = find_grid(read, reading.lines, name)
    prestack = is_prestack(read, grid)
    undecided = prestack and not reading.prestack
    if undecided and not describe:
        raise SurveyError(how_to_choose(read, grid, name))
    traces = headers.live_traces(read)
    maps = choose(read, grid, traces, reading, name)
    used = np.concatenate([trace_map[trace_map >= 0] for trace_map in maps])
    interval_ms = headers.interval_us(layout, read) / 1000.0
    delays = read_delays(read, used, interval_ms, layout.n_samples)
    xy, scalar, fit = find_map(read, grid, maps[0], reading)
    complete = replace(
        reading,
        lines=grid.header_bytes,
        xy=xy,
        scalar=scalar,
        domain=reading.domain or "time",
        length_unit=reading.length_unit or layout.length_unit or "m",
    )
    live = maps[0] >= 0
    geometry = Geometry(
        inlines=grid.inline.lines,
        crosslines=grid.crossline.lines,
        n_samples=layout.n_samples + delays.longest,
        start_ms=delays.start_ms,
        sample_interval_ms=interval_ms,
        domain=complete.domain or "time",
        length_unit=complete.length_unit or "m",
        live=None if live.all() else live,
        to_xy=None if fit is None else fit.to_xy,
    )
    warnings = _warnings(layout, read, grid, reading, prestack, maps, delays, fit)
    if undecided:
        warnings = (how_to_choose(read, grid, name), *warnings)
    index = SegyIndex(complete, geometry, tuple(maps), delays.shifts, warnings)
    return index, Findings(grid, prestack, fit)


def _warnings(
    layout: SegyLayout,
    read: headers.ReadField,
    grid: LineGrid,
    reading: Reading,
    prestack: bool,
    maps: list[NDArray[np.int64]],
    delays: Delays,
    fit: MapFit | None,
) -> tuple[str, ...]:
    positions, n_cells = int(np.count_nonzero(maps[0] >= 0)), maps[0].size
    inline, crossline = (str(byte) if byte else "a count" for byte in grid.header_bytes)
    others = [] if reading.lines else others_as_good(read, grid)
    shares = [f"{_pair(other)} ({_size(other)})" for other in others]
    conditions = {
        f"Line numbers come from header bytes {inline} and {crossline}, not from the standard "
        "189 and 193.": grid.header_bytes != STANDARD_LINES,
        f"The traces are {_size(grid)} by header bytes {inline} and {crossline}; they could as "
        f"well be arranged by {' or '.join(shares)}. Say which with --iline and --xline.": others,
        f"{grid.duplicates} of {grid.n_traces} traces repeat a position; the first of each is "
        "kept.": grid.duplicates > 0 and not prestack,
        f"{n_cells - positions} of {n_cells} positions have no live trace; they read as "
        "zero.": positions < n_cells,
        f"The grid has {n_cells} positions for {grid.n_traces} traces: are these the right "
        "header bytes?": n_cells > 2 * grid.n_traces,
        f"{delays.warning}": delays.warning is not None,
        f"Traces start at different times, the earliest at {delays.start_ms:g} ms; each is put "
        "where its delay says.": delays.longest > 0,
        f"The binary header gives no sample interval ({layout.interval_us:g} us); the trace "
        "headers' is used.": layout.interval_us <= 0,
        **_map_warnings(reading, fit),
    }
    return tuple(line for line, holds in conditions.items() if holds)


def _map_warnings(reading: Reading, fit: MapFit | None) -> dict[str, bool]:
    if fit is None:
        given = reading.xy is not None and any(reading.xy)
        return {"The coordinates of the bytes given all lie on one line; there is no map.": given}
    off = f"up to {fit.largest:.3g} from their places on the map, {fit.rms:.2g} on average"
    return {
        f"Traces lie {off}; bins are {fit.bin_size:.3g} wide.": not fit.exact,
    }


def _pair(grid: LineGrid) -> str:
    return f"{grid.header_bytes[0]} and {grid.header_bytes[1]}"


def _size(grid: LineGrid) -> str:
    return f"{grid.shape[0]} x {grid.shape[1]} lines"
