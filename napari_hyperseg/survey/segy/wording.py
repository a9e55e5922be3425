"""What a SEG-Y file holds, in words: the same lines on the command line and in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_hyperseg.survey.segy.info import Candidate, LineRange, SegyInfo

if TYPE_CHECKING:
    from napari_hyperseg.survey.segy.exploring import Look

NO_MAP = "none that fit the lines"


def facts(info: SegyInfo) -> dict[str, str]:
    """Return names and values, in the order in which they are shown."""
    samples, header_bytes = info.samples, info.header_bytes
    unit = "ms" if samples.domain == "time" else info.coordinates.unit
    last = samples.start_ms + (samples.count - 1) * samples.interval_ms
    return {
        "kind": info.kind,
        "inlines": _lines(info.inlines),
        "crosslines": _lines(info.crosslines),
        "samples": f"{samples.count}: {samples.start_ms:g}-{last:g} {unit} "
        f"every {samples.interval_ms:g} {unit}",
        "format": f"{info.format_name}, {info.endian}-endian",
        "traces": f"{info.traces}, {info.live_traces} live",
        "duplicates": str(info.duplicates),
        "offsets": offsets_text(info.offsets),
        "coordinates": _map(info),
        "header bytes": f"inline {header_bytes.inline or 'counted'}, "
        f"crossline {header_bytes.crossline or 'counted'}",
    }


def size_text(candidate: Candidate) -> str:
    """Return the lines that header bytes give: "500 x 400"."""
    return f"{candidate.n_inlines} x {candidate.n_crosslines}"


def share_text(share: float) -> str:
    """Return a share in per cent; what is not all is never said to be."""
    return f"{min(share, 0.99) if share < 1 else share:.0%}"


def map_fit_text(info: SegyInfo) -> str:
    """Return how far traces lie from where the map puts them: "1.2 m on average, 3 m at most"."""
    found = info.coordinates
    return NO_MAP if info.to_xy is None else f"{_off(info)}, {_length(found.largest)} at most"


def offsets_text(offsets: tuple[int, ...]) -> str:
    """Return one offset, or how many there are from which to which."""
    if len(offsets) == 1:
        return str(offsets[0])
    return f"{len(offsets)}: {offsets[0]}-{offsets[-1]}"


def _lines(axis: LineRange) -> str:
    return f"{axis.count}: {axis.first}-{axis.last} every {axis.step}"


def _map(info: SegyInfo) -> str:
    found = info.coordinates
    if info.to_xy is None:
        return NO_MAP
    return f"bytes {found.x} and {found.y}, scaled by {found.scalar}; traces lie {_off(info)}"


def _off(info: SegyInfo) -> str:
    found = info.coordinates
    return f"{_length(found.rms)} {found.unit} off on average"


def _length(value: float | None) -> str:
    return "under 0.01" if value is None or value < 0.01 else f"{value:.3g}"


def question_text(look: Look) -> str:
    """Return what a file leaves open, in a line; empty if it leaves nothing open."""
    if look.undecided is not None:
        return f"{look.undecided.what} Choose which traces to take, or other header bytes."
    if look.others:
        bytes_ = look.info.header_bytes
        found = f"{look.live.shape[0]} x {look.live.shape[1]} lines by header bytes "
        ways = [found + f"{bytes_.inline or 0} and {bytes_.crossline or 0}"]
        ways += [f"{size_text(way)} by {way.inline} and {way.crossline}" for way in look.others]
        return f"The traces can be arranged in {len(ways)} ways: {', or '.join(ways)}."
    return ""
