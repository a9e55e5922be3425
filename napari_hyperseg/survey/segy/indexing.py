"""The index of a SEG-Y file: which trace lies where, worked out from the trace headers.

Owns the order in which it is worked out; what is only warned of is in `remarks`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.segy import trace_headers as headers
from napari_hyperseg.survey.segy.choice import find_grid, others_as_good
from napari_hyperseg.survey.segy.coordinates import find_map
from napari_hyperseg.survey.segy.delays import read_delays
from napari_hyperseg.survey.segy.findings import Findings
from napari_hyperseg.survey.segy.gathers import choose, how_to_choose, is_prestack
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.remarks import remarks


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


def index_traces(
    layout: SegyLayout, read: headers.ReadField, reading: Reading
) -> tuple[SegyIndex, Findings]:
    """Work out the index of a file.

    Parameters
    ----------
    layout : SegyLayout
    read : callable
        Reads a field of all trace headers.
    reading : Reading
        What the user says of the file.

    Returns
    -------
    index : SegyIndex
        Of a prestack file of which nothing is said by its first traces: the findings then say
        that this is undecided.
    findings : Findings

    Raises
    ------
    ReadingError
        If the headers make no survey when they are read so: one line that says why.
    SurveyError
        If they make none at all.
    """
    name = layout.path.name
    grid = find_grid(read, reading.lines, name)
    prestack = is_prestack(read, grid)
    undecided = how_to_choose(read, grid, name) if prestack and not reading.prestack else None
    others = () if reading.lines else tuple(others_as_good(read, grid))
    traces = headers.live_traces(read)
    maps = choose(read, grid, traces, reading, name)
    used = np.concatenate([trace_map[trace_map >= 0] for trace_map in maps])
    interval_ms = headers.interval_us(layout, read) / 1000.0
    delays = read_delays(read, used, interval_ms, layout.n_samples)
    found = find_map(read, grid, maps[0], reading)
    complete = replace(
        reading,
        lines=grid.header_bytes,
        xy=found.xy,
        scalar=found.scalar,
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
        to_xy=None if found.fit is None else found.fit.to_xy,
        line_xy=found.line_xy,
    )
    findings = Findings(grid, prestack, found, others, undecided)
    warnings = remarks(layout, reading, maps[0], delays, findings)
    index = SegyIndex(complete, geometry, tuple(maps), delays.shifts, warnings)
    return index, findings
