"""``hyperseg info``: what a SEG-Y file holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from napari_hyperseg.cli.options import AsJson
from napari_hyperseg.cli.reading_options import (
    DomainChoice,
    Iline,
    MapX,
    MapY,
    Offset,
    Scalar,
    Stack,
    UnitChoice,
    Xline,
    readings,
)


def info(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE.sgy]",
            help="A SEG-Y file; without one, this machine is described.",
            show_default=False,
        ),
    ] = None,
    iline: Iline = None,
    xline: Xline = None,
    x: MapX = None,
    y: MapY = None,
    scalar: Scalar = None,
    domain: DomainChoice = None,
    unit: UnitChoice = None,
    offset: Offset = None,
    stack: Stack = False,
    text: Annotated[bool, typer.Option("--text", help="Print the text header too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what a SEG-Y file holds and what is odd about it, or what this machine can train."""
    from napari_hyperseg.cli.output import print_facts, print_json

    if file is None:
        machine = _machine()
        print_json({"machine": machine}) if as_json else print_facts({"device": _can(machine)})
        return
    from napari_hyperseg.cli.long_work import LongWork
    from napari_hyperseg.survey.segy.opening import describe_segy

    said = readings(
        1, iline=iline, xline=xline, x=x, y=y, scalar=scalar, domain=domain, unit=unit,
        offset=offset, stack=stack,
    )  # fmt: skip
    with LongWork("Reading trace headers", "traces") as progress:
        described = describe_segy(file, said[0], progress).to_json()
    if as_json:
        print_json(described)
        return
    print_facts(_facts(described))
    for candidate in described["candidates"]:
        print(f"  {_candidate(candidate)}")
    for line in described["text_header"] if text else ():
        print(line)
    for warning in described["warnings"]:
        print(f"Warning: {warning}")


def _machine() -> dict[str, Any]:
    from dataclasses import asdict

    from napari_hyperseg.learn.capacity import capacity
    from napari_hyperseg.learn.device import choose_device

    return asdict(capacity(choose_device("auto")))


def _can(machine: dict[str, Any]) -> str:
    trained, predicted = (
        " x ".join([str(machine[side])] * 3) for side in ("trained_side", "predicted_side")
    )
    free = machine["free_bytes"] / 2**30
    return (
        f"{machine['device']}, {free:.1f} GiB free: trains up to {trained} samples at once, "
        f"predicts {predicted}"
    )


def _facts(described: dict[str, Any]) -> dict[str, str]:
    samples, header_bytes = described["samples"], described["header_bytes"]
    unit = "ms" if samples["domain"] == "time" else described["coordinates"]["unit"]
    last = samples["start_ms"] + (samples["count"] - 1) * samples["interval_ms"]
    return {
        "kind": described["kind"],
        "inlines": _lines(described["inlines"]),
        "crosslines": _lines(described["crosslines"]),
        "samples": f"{samples['count']}: {samples['start_ms']:g}-{last:g} {unit} "
        f"every {samples['interval_ms']:g} {unit}",
        "format": f"{described['format']}, {described['endian']}-endian",
        "traces": f"{described['traces']}, {described['live_traces']} live",
        "duplicates": str(described["duplicates"]),
        "offsets": _offsets(described["offsets"]),
        "coordinates": _map(described),
        "header bytes": f"inline {header_bytes['inline']}, crossline {header_bytes['crossline']}; "
        "what could hold line numbers:",
    }


def _lines(axis: dict[str, int]) -> str:
    return f"{axis['count']}: {axis['first']}-{axis['last']} every {axis['step']}"


def _offsets(offsets: list[int]) -> str:
    if len(offsets) == 1:
        return str(offsets[0])
    return f"{len(offsets)}: {offsets[0]}-{offsets[-1]}"


def _map(described: dict[str, Any]) -> str:
    found = described["coordinates"]
    if described["to_xy"] is None:
        return "none that fit the lines"
    off = f"traces lie {found['rms']:.2g} {found['unit']} off on average"
    return f"bytes {found['x']} and {found['y']}, scaled by {found['scalar']}; {off}"


def _candidate(candidate: dict[str, Any]) -> str:
    size = f"{candidate['n_inlines']} x {candidate['n_crosslines']} lines"
    bytes_ = f"--iline {candidate['inline']} --xline {candidate['crossline']}"
    full = f"{candidate['live']:.0%} of the positions with {candidate['fold']:.1f} traces each"
    return f"{bytes_:24} {size:24} {full}"
