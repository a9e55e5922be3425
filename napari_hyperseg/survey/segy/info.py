"""What ``hyperseg info`` and the window tell about a SEG-Y file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.map_fit import MapFit
from napari_hyperseg.survey.segy.findings import Findings
from napari_hyperseg.survey.segy.formats import FORMAT_NAMES
from napari_hyperseg.survey.segy.indexing import SegyIndex
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.segy.lines import LineGrid
from napari_hyperseg.survey.segy.reading import Reading


@dataclass(frozen=True)
class LineRange:
    """First and last line number, the step between lines, and how many there are."""

    first: int
    last: int
    step: int
    count: int

    @classmethod
    def of(cls, lines: NDArray[np.int64], step: int) -> LineRange:
        """Summarise regular line numbers."""
        return cls(int(lines[0]), int(lines[-1]), step, len(lines))


@dataclass(frozen=True)
class SampleRange:
    """Samples in a trace; start and interval in ms (m or ft in a depth survey)."""

    count: int
    start_ms: float
    interval_ms: float
    domain: Literal["time", "depth"]


@dataclass(frozen=True)
class HeaderBytes:
    """Trace header bytes of inline and crossline; None: counted, in no header."""

    inline: int | None
    crossline: int | None

    @classmethod
    def of(cls, header_bytes: tuple[int, int]) -> HeaderBytes:
        """Name a pair of bytes; 0 stands for none."""
        return cls(header_bytes[0] or None, header_bytes[1] or None)


@dataclass(frozen=True)
class Candidate:
    """A pair of header bytes, the lines they give, and how well they fit (0 to 1).

    `live` is the share of positions with a trace, `fold` the traces at such a position.
    """

    inline: int
    crossline: int
    n_inlines: int
    n_crosslines: int
    live: float
    fold: float
    score: float

    @classmethod
    def of(cls, grid: LineGrid) -> Candidate:
        """Sum up a grid."""
        shares = (grid.live_fraction, grid.fold, grid.score)
        return cls(*grid.header_bytes, *grid.n_lines, *(round(share, 4) for share in shares))


@dataclass(frozen=True)
class MapInfo:
    """Header bytes of the coordinates and their scalar, and how far traces lie off their places.

    Distances are in `unit`; those of a file without a map are None.
    """

    x: int | None
    y: int | None
    scalar: int | None
    unit: Literal["m", "ft"]
    rms: float | None
    largest: float | None


@dataclass(frozen=True)
class SegyInfo:
    """A SEG-Y file in figures; the fields are those of ``hyperseg info --json``.

    Parameters
    ----------
    kind : {"3d", "2d", "prestack"}
        A cube, a line, or several traces per position.
    inlines, crosslines : LineRange
        Line numbers.
    samples : SampleRange
        The vertical axis.
    format : int
        Sample format code of the binary header.
    endian : {"big", "little"}
        Byte order.
    header_bytes : HeaderBytes
        Where the line numbers come from.
    candidates : tuple of Candidate
        Bytes that could hold line numbers, best first.
    traces, live_traces, duplicates : int
        Traces in the file; positions with a live trace; traces at a position that has one.
    offsets : tuple of int
        Different offsets in the trace headers, ascending.
    to_xy : tuple of tuple of float, or None
        Affine map from (inline, crossline, 1) to (x, y).
    coordinates : MapInfo
        What the map comes from.
    text_header : tuple of str
        Its 40 lines, without the spaces at their ends.
    warnings : tuple of str
        What the user should know, a line each.
    """

    kind: Literal["3d", "2d", "prestack"]
    inlines: LineRange
    crosslines: LineRange
    samples: SampleRange
    format: int
    endian: Literal["big", "little"]
    header_bytes: HeaderBytes
    candidates: tuple[Candidate, ...]
    traces: int
    live_traces: int
    duplicates: int
    offsets: tuple[int, ...]
    to_xy: tuple[tuple[float, ...], ...] | None
    coordinates: MapInfo
    text_header: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def format_name(self) -> str:
        """The sample format in words, for people."""
        return FORMAT_NAMES[self.format]

    def to_json(self) -> dict[str, Any]:
        """The same as dictionaries, lists and plain numbers."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return told


def inform(
    layout: SegyLayout,
    index: SegyIndex,
    findings: Findings,
    candidates: tuple[Candidate, ...],
    offsets: tuple[int, ...],
    text_header: tuple[str, ...],
) -> SegyInfo:
    """Put together what is known of a file; what is undecided is the first warning."""
    geometry, grid = index.geometry, findings.grid
    flat = min(geometry.shape[:2]) == 1
    to_xy = geometry.to_xy
    undecided = () if findings.undecided is None else (str(findings.undecided),)
    return SegyInfo(
        kind="prestack" if findings.prestack else "2d" if flat else "3d",
        inlines=LineRange.of(geometry.inlines, geometry.inline_step),
        crosslines=LineRange.of(geometry.crosslines, geometry.crossline_step),
        samples=SampleRange(
            geometry.n_samples, geometry.start_ms, geometry.sample_interval_ms, geometry.domain
        ),
        format=layout.format_code,
        endian=layout.endian,
        header_bytes=HeaderBytes.of(grid.header_bytes),
        candidates=candidates,
        traces=grid.n_traces,
        live_traces=int(geometry.live_mask.sum()),
        duplicates=grid.duplicates,
        offsets=offsets,
        to_xy=None if to_xy is None else tuple(tuple(map(float, row)) for row in to_xy),
        coordinates=_map_info(index.reading, findings.map.fit),
        text_header=text_header,
        warnings=(*undecided, *index.warnings),
    )


def _map_info(reading: Reading, fit: MapFit | None) -> MapInfo:
    x, y = reading.xy or (None, None)
    rms, largest = (None, None) if fit is None else (fit.rms, fit.largest)
    unit = reading.length_unit or "m"
    return MapInfo(x or None, y or None, reading.scalar or None, unit, rms, largest)
