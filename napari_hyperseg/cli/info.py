"""``hyperseg info``: what a SEG-Y file holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from napari_hyperseg.errors import ReadingError

if TYPE_CHECKING:
    from napari_hyperseg.survey.segy.exploring import SegyExplorer
    from napari_hyperseg.survey.segy.info import Candidate, SegyInfo


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
    from napari_hyperseg.survey.segy.exploring import SegyExplorer

    said = readings(
        1, iline=iline, xline=xline, x=x, y=y, scalar=scalar, domain=domain, unit=unit,
        offset=offset, stack=stack,
    )  # fmt: skip
    with LongWork("Reading trace headers", "traces") as progress:
        explorer = SegyExplorer(file, progress)
        try:
            found = explorer.info(said[0])
        except ReadingError:
            progress.stop()
            _tell_what_is_known(explorer, text, as_json)
            raise
    print_json(found.to_json()) if as_json else _tell(found, text)


def _tell(info: SegyInfo, text: bool) -> None:
    from napari_hyperseg.cli.output import print_facts
    from napari_hyperseg.survey.segy.wording import facts

    told = facts(info)
    print_facts(told | {"header bytes": f"{told['header bytes']}; what could hold line numbers:"})
    _tell_candidates(info.candidates)
    for line in info.text_header if text else ():
        print(line)
    for warning in info.warnings:
        print(f"Warning: {warning}")


def _tell_what_is_known(explorer: SegyExplorer, text: bool, as_json: bool) -> None:
    """Help to choose where a file cannot be read: the error follows."""
    from napari_hyperseg.cli.output import print_json

    if as_json:
        print_json(explorer.to_json())
        return
    print("What could hold line numbers:")
    _tell_candidates(explorer.candidates)
    for line in explorer.text_header if text else ():
        print(line)


def _tell_candidates(candidates: tuple[Candidate, ...]) -> None:
    from napari_hyperseg.survey.segy.wording import share_text, size_text

    for candidate in candidates:
        size = f"{size_text(candidate)} lines"
        bytes_ = f"--iline {candidate.inline} --xline {candidate.crossline}"
        full = (
            f"{share_text(candidate.live)} of the positions with {candidate.fold:.1f} traces each"
        )
        print(f"  {bytes_:24} {size:24} {full}")
    if not candidates:
        print("  nothing: the usual header bytes are the same in every trace")


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
