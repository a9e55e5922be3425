"""What the user should know about how a SEG-Y file was read: one line each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.segy.coordinates import FoundMap
from napari_hyperseg.survey.segy.delays import Delays
from napari_hyperseg.survey.segy.findings import Findings
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.segy.lines import LineGrid
from napari_hyperseg.survey.segy.reading import STANDARD_LINES, Reading


def remarks(
    layout: SegyLayout,
    reading: Reading,
    trace_map: NDArray[np.int64],
    delays: Delays,
    findings: Findings,
) -> tuple[str, ...]:
    """Say what is odd about a file, the most important first.

    Parameters
    ----------
    layout : SegyLayout
    reading : Reading
        What the user said of the file.
    trace_map : ndarray of int64, shape (n_inlines, n_crosslines)
        Trace number at every position, -1: none.
    delays : Delays
        When the traces start.
    findings : Findings
        Which grid was chosen, and what else was found.
    """
    grid = findings.grid
    positions, n_cells = int(np.count_nonzero(trace_map >= 0)), trace_map.size
    inline, crossline = (str(byte) if byte else "a count" for byte in grid.header_bytes)
    others = [f"{_pair(other)} ({_size(other)})" for other in findings.others]
    conditions = {
        f"Line numbers come from header bytes {inline} and {crossline}, not from the standard "
        "189 and 193.": grid.header_bytes != STANDARD_LINES,
        f"The traces are {_size(grid)} by header bytes {inline} and {crossline}; they could as "
        f"well be arranged by {' or '.join(others)}. Say which with --iline and --xline.": bool(
            others
        ),
        f"{grid.duplicates} of {grid.n_traces} traces repeat a position; the first of each is "
        "kept.": grid.duplicates > 0 and not findings.prestack,
        f"{n_cells - positions} of {n_cells} positions have no live trace; they read as "
        "zero.": positions < n_cells,
        f"The grid has {n_cells} positions for {grid.n_traces} traces: are these the right "
        "header bytes?": n_cells > 2 * grid.n_traces,
        f"{delays.warning}": delays.warning is not None,
        f"Traces start at different times, the earliest at {delays.start_ms:g} ms; each is put "
        "where its delay says.": delays.longest > 0,
        f"The binary header gives no sample interval ({layout.interval_us:g} us); the trace "
        "headers' is used.": layout.interval_us <= 0,
        **_of_the_map(reading, findings.map),
    }
    return tuple(line for line, holds in conditions.items() if holds)


def _of_the_map(reading: Reading, found: FoundMap) -> dict[str, bool]:
    fit = found.fit
    if fit is None:
        given = reading.xy is not None and any(reading.xy) and found.line_xy is None
        return {"The coordinates of the bytes given all lie on one line; there is no map.": given}
    off = f"up to {fit.largest:.3g} from their places on the map, {fit.rms:.2g} on average"
    return {
        f"Traces lie {off}; bins are {fit.bin_size:.3g} wide.": not fit.exact,
    }


def _pair(grid: LineGrid) -> str:
    return f"{grid.header_bytes[0]} and {grid.header_bytes[1]}"


def _size(grid: LineGrid) -> str:
    return f"{grid.shape[0]} x {grid.shape[1]} lines"
