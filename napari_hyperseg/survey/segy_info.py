"""What ``hyperseg info`` tells about a SEG-Y file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.segy_choice import candidates
from napari_hyperseg.survey.segy_formats import FORMAT_NAMES
from napari_hyperseg.survey.segy_headers import ReadField
from napari_hyperseg.survey.segy_layout import SegyLayout
from napari_hyperseg.survey.segy_lines import LineGrid


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
    """Samples in a trace; start and interval in ms (m in a depth survey)."""

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
    """A pair of header bytes, the lines they give, and how well they fit (0 to 1)."""

    inline: int
    crossline: int
    n_inlines: int
    n_crosslines: int
    score: float


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
    to_xy : tuple of tuple of float, or None
        Affine map from (inline, crossline, 1) to (x, y).
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
    to_xy: tuple[tuple[float, ...], ...] | None
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
    read: ReadField,
    grid: LineGrid,
    geometry: Geometry,
    *,
    prestack: bool,
    warnings: tuple[str, ...],
) -> SegyInfo:
    """Put together what is known of a file."""
    flat = min(geometry.shape[:2]) == 1
    to_xy = geometry.to_xy
    return SegyInfo(
        kind="prestack" if prestack else "2d" if flat else "3d",
        inlines=LineRange.of(geometry.inlines, geometry.inline_step),
        crosslines=LineRange.of(geometry.crosslines, geometry.crossline_step),
        samples=SampleRange(
            geometry.n_samples, geometry.start_ms, geometry.sample_interval_ms, geometry.domain
        ),
        format=layout.format_code,
        endian=layout.endian,
        header_bytes=HeaderBytes.of(grid.header_bytes),
        candidates=tuple(_candidate(candidate) for candidate in candidates(read)),
        traces=grid.n_traces,
        live_traces=int(geometry.live_mask.sum()),
        duplicates=grid.duplicates,
        to_xy=None if to_xy is None else tuple(tuple(map(float, row)) for row in to_xy),
        warnings=warnings,
    )


def _candidate(grid: LineGrid) -> Candidate:
    return Candidate(*grid.header_bytes, *grid.n_lines, round(grid.score, 4))
