"""What a user says of SEG-Y files on the command line: header bytes, domain, prestack."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from napari_hyperseg.survey.segy.reading import Reading

PANEL = "How to read the headers (with several files: once for all, or once for each)"


class Domain(StrEnum):
    """What the samples of a trace are steps of."""

    time = "time"
    depth = "depth"


class LengthUnit(StrEnum):
    """Of depths and coordinates."""

    m = "m"
    ft = "ft"


def _byte(name: str, of: str) -> Any:
    return typer.Option(
        name, metavar="B", min=0, help=f"Header byte of {of}.", rich_help_panel=PANEL,
        show_default=False,
    )  # fmt: skip


def _said(name: str, of: str, **more: Any) -> Any:
    return typer.Option(name, help=of, rich_help_panel=PANEL, show_default=False, **more)


Iline = Annotated[list[int] | None, _byte("--iline", "the inline number; 0: there is none")]
Xline = Annotated[list[int] | None, _byte("--xline", "the crossline number; 0: traces are counted")]
MapX = Annotated[list[int] | None, _byte("--x", "the x coordinate; 0: there is none")]
MapY = Annotated[list[int] | None, _byte("--y", "the y coordinate")]
Scalar = Annotated[list[int] | None, _byte("--scalar", "the coordinates' scalar; 0: none")]
DomainChoice = Annotated[list[Domain] | None, _said("--domain", "What samples are steps of.")]
UnitChoice = Annotated[list[LengthUnit] | None, _said("--unit", "Of depths and coordinates.")]
Offset = Annotated[
    list[int] | None, _said("--offset", "Of the traces to take from a prestack file.", metavar="N")
]
Stack = Annotated[bool, _said("--stack", "Read a prestack file as the mean of its traces.")]


def readings(
    n_files: int,
    *,
    iline: Sequence[int] | None,
    xline: Sequence[int] | None,
    x: Sequence[int] | None,
    y: Sequence[int] | None,
    scalar: Sequence[int] | None,
    domain: Sequence[str] | None,
    unit: Sequence[str] | None,
    offset: Sequence[int] | None,
    stack: bool,
) -> list[Reading]:
    """What is said of each file.

    Raises
    ------
    typer.BadParameter
        If an option is given neither once nor once for each file, or half a pair is missing.
    SurveyError
        If an offset is to be chosen and to be stacked over.
    """
    from napari_hyperseg.survey.segy.reading import Reading

    lines = _pairs(n_files, ("--iline", iline), ("--xline", xline))
    coordinates = _pairs(n_files, ("--x", x), ("--y", y))
    each = [
        _spread(n_files, name, values)
        for name, values in (
            ("--scalar", scalar), ("--domain", domain), ("--unit", unit), ("--offset", offset),
        )
    ]  # fmt: skip
    return [
        Reading(pair, xy, said[0], _plain(said[1]), _plain(said[2]), said[3], stack)
        for pair, xy, said in zip(lines, coordinates, zip(*each, strict=True), strict=True)
    ]


def _plain(choice: StrEnum | None) -> Any:
    return None if choice is None else str(choice)


def _pairs(
    n_files: int, first: tuple[str, Sequence[int] | None], second: tuple[str, Sequence[int] | None]
) -> list[tuple[int, int] | None]:
    names = f"{first[0]} and {second[0]}"
    if len(first[1] or ()) != len(second[1] or ()):
        raise typer.BadParameter(f"give {names} together.")
    pairs = list(zip(first[1] or (), second[1] or (), strict=True))
    return _spread(n_files, names, pairs)


def _spread(n_files: int, name: str, values: Sequence[Any] | None) -> list[Any]:
    if not values:
        return [None] * n_files
    if len(values) == n_files:
        return list(values)
    if len(values) > 1:
        raise typer.BadParameter(f"give {name} once, or once for each of {n_files} files.")
    return list(values) * n_files
