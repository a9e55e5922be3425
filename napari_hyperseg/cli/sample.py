"""``hyperseg sample``: make a synthetic survey whose truth is known."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

_SHAPE = re.compile(r"(\d+)[,x](\d+)[,x](\d+)")


def sample(
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="Folder to write into, or the SEG-Y file (its horizons and facies go beside).",
            show_default=False,
        ),
    ],
    shape: Annotated[
        str, typer.Option(metavar="I,J,K", help="Inlines, crosslines and samples.")
    ] = "64,96,120",
    seed: Annotated[
        int, typer.Option(metavar="S", min=0, help="Every seed is another survey.")
    ] = 0,
    unconformity: Annotated[
        bool, typer.Option("--unconformity", help="Erode the lower layers before the upper.")
    ] = False,
    channel: Annotated[bool, typer.Option("--channel", help="Cut a meandering channel.")] = False,
    steep_dips: Annotated[
        bool, typer.Option("--steep-dips", help="Double the folds and the throws of the faults.")
    ] = False,
) -> None:
    """Make a synthetic survey: SEG-Y, true horizons and true facies."""
    extent = _SHAPE.fullmatch(shape)
    if extent is None:
        raise typer.BadParameter(f"--shape {shape}: write three numbers, such as 64,96,120.")

    from napari_hyperseg.survey.synthetic import make_synthetic
    from napari_hyperseg.survey.synthetic_files import write_synthetic

    n_inlines, n_crosslines, n_samples = map(int, extent.groups())
    survey = make_synthetic(
        (n_inlines, n_crosslines, n_samples),
        seed,
        unconformity=unconformity,
        channel=channel,
        steep_dips=steep_dips,
    )
    is_file = out.suffix.lower() in {".sgy", ".segy"}
    folder, name = (out.parent, out.stem) if is_file else (out, f"sample_{seed}")
    print(f"Wrote {write_synthetic(survey, folder, name)}, its horizons and its facies.")
