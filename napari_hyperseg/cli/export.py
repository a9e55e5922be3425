"""``hyperseg export``: volumes and horizons out of a project."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_hyperseg.cli.options import ModelId, ProjectFolder, SurveyKey

if TYPE_CHECKING:
    from napari_hyperseg.project.volume_export import PlannedVolume
    from napari_hyperseg.survey.segy.export_format import SampleType


class HorizonFormat(StrEnum):
    """How horizon files are written."""

    opendtect = "opendtect"
    opendtect_xy = "opendtect-xy"
    csv = "csv"
    irap = "irap"
    irap_points = "irap-points"
    zmap = "zmap"
    geojson = "geojson"


class Samples(StrEnum):
    """How samples are stored."""

    int8 = "int8"
    float = "float"


_TYPES: dict[Samples, SampleType] = {Samples.int8: "int8", Samples.float: "float"}


def _out(what: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        metavar="OUT", help=f"Write {what} here: a name that ends in .sgy, .zarr or .ome.zarr."
    )
    return option


def export(
    project: ProjectFolder,
    survey: SurveyKey = None,
    model: ModelId = None,
    amplitude: Annotated[Path | None, _out("the survey's own samples")] = None,
    facies: Annotated[Path | None, _out("facies codes")] = None,
    confidence: Annotated[Path | None, _out("confidence, in per cent,")] = None,
    probability: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT|DIR",
            help="Write how likely a sample lies at or below each boundary, in per cent: a "
            "volume each, named OUT with the boundary's name, or SEG-Y files in a folder.",
        ),
    ] = None,
    samples: Annotated[
        Samples | None,
        typer.Option(
            help="Sample type of the volumes (SEG-Y format 8 or 5). By default amplitudes are as "
            "they were, the rest is int8."
        ),
    ] = None,
    horizons: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the boundaries between the classes here."),
    ] = None,
    horizon_format: Annotated[
        HorizonFormat,
        typer.Option("--format", help="How horizon files are written."),
    ] = HorizonFormat.opendtect,
    sure: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Leave horizons open where they are less likely than this to be within a sample "
            "and a half.",
        ),
    ] = 0.2,
    snap: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EVENT|NAME=EVENT",
            help="Move horizons, or one, to the nearest event of the traces within two samples: "
            "peak, trough, rising or falling (zero crossings). Repeat it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write amplitudes and the newest prediction as volumes or horizons.

    SEG-Y files have the survey's own headers, zarr and OME-Zarr its geometry.
    """
    from napari_hyperseg.project.horizon_plans import plan_horizons
    from napari_hyperseg.project.volume_export import VolumeTargets, plan_volumes

    targets = VolumeTargets(amplitude, facies, confidence, probability)
    if not targets and horizons is None:
        raise typer.BadParameter(
            "give --amplitude, --facies, --confidence, --probability or --horizons."
        )

    from napari_hyperseg.cli.output import warn
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.label_age import age_warning

    opened = Project.open(project)
    entry = opened.entry(survey)
    said: SampleType | None = None if samples is None else _TYPES[samples]
    volumes = plan_volumes(opened, entry.key, targets, model=model, samples=said)
    boundaries = (
        plan_horizons(opened, entry.key, model=model, least_sure=sure, snaps=snap or ())
        if horizons is not None
        else None
    )
    if targets.from_prediction or horizons is not None:
        warn(age_warning(opened, entry.key, model))
    for planned in volumes:
        _write(planned)
    if horizons is not None and boundaries is not None:
        for path in boundaries.write(horizons, str(horizon_format)):
            print(f"Wrote {path}.")


def _write(planned: PlannedVolume) -> None:
    from napari_hyperseg.cli.long_work import LongWork

    n_samples = planned.survey.geometry.n_samples * planned.survey.geometry.live_mask.size
    with LongWork(f"Writing {planned.path.name}", "samples") as progress:
        planned.write(lambda share: progress(share * n_samples, n_samples))
    print(f"Wrote {planned.path}.")
