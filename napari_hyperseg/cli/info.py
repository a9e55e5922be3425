"""``hyperseg info``: what a SEG-Y file holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from napari_hyperseg.cli.options import AsJson


def info(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE.sgy]",
            help="A SEG-Y file; without one, this machine is described.",
            show_default=False,
        ),
    ] = None,
    iline: Annotated[
        int | None,
        typer.Option(metavar="B", min=1, max=240, help="Header byte of the inline number."),
    ] = None,
    xline: Annotated[
        int | None,
        typer.Option(metavar="B", min=1, max=240, help="Header byte of the crossline number."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a SEG-Y file holds and what is odd about it, or what this machine can train."""
    if (iline is None) != (xline is None):
        raise typer.BadParameter("give --iline and --xline together.")

    from napari_hyperseg.cli.output import print_facts, print_json

    header_bytes = None if iline is None or xline is None else (iline, xline)
    if file is None:
        machine = _machine()
        print_json({"machine": machine}) if as_json else print_facts({"device": _can(machine)})
        return
    from napari_hyperseg.survey.segy import describe_segy

    described = describe_segy(file, header_bytes).to_json()
    if as_json:
        print_json(described)
        return
    print_facts(_facts(described))
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
    unit = "ms" if samples["domain"] == "time" else "m"
    last = samples["start_ms"] + (samples["count"] - 1) * samples["interval_ms"]
    return {
        "kind": described["kind"],
        "inlines": _lines(described["inlines"]),
        "crosslines": _lines(described["crosslines"]),
        "samples": f"{samples['count']}: {samples['start_ms']:g}-{last:g} {unit} "
        f"every {samples['interval_ms']:g} {unit}",
        "format": f"{described['format']}, {described['endian']}-endian",
        "header bytes": f"inline {header_bytes['inline']}, crossline {header_bytes['crossline']}",
        "traces": f"{described['traces']}, {described['live_traces']} live",
        "duplicates": str(described["duplicates"]),
        "coordinates": "yes" if described["to_xy"] else "no",
    }


def _lines(axis: dict[str, int]) -> str:
    return f"{axis['count']}: {axis['first']}-{axis['last']} every {axis['step']}"
