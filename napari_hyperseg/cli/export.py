"""``hyperseg export``: a prediction as SEG-Y with the survey's own headers, or as horizons."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from napari_hyperseg.cli.options import ModelId, ProjectFolder, SurveyKey


class HorizonFormat(StrEnum):
    """How horizon files are written."""

    opendtect = "opendtect"
    opendtect_xy = "opendtect-xy"
    csv = "csv"
    irap = "irap"
    irap_points = "irap-points"
    zmap = "zmap"
    geojson = "geojson"


def export(
    project: ProjectFolder,
    survey: SurveyKey = None,
    model: ModelId = None,
    facies: Annotated[
        Path | None, typer.Option(metavar="OUT.sgy", help="Write facies codes here.")
    ] = None,
    confidence: Annotated[
        Path | None, typer.Option(metavar="OUT.sgy", help="Write confidence, in per cent, here.")
    ] = None,
    horizons: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the boundaries between the classes here."),
    ] = None,
    horizon_format: Annotated[
        HorizonFormat,
        typer.Option("--format", help="How horizon files are written."),
    ] = HorizonFormat.opendtect,
) -> None:
    """Write the newest prediction as SEG-Y, with the survey's own headers, or as horizons."""
    if facies is None and confidence is None and horizons is None:
        raise typer.BadParameter("give --facies, --confidence or --horizons.")

    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.horizon_export import boundary_names, export_horizons
    from napari_hyperseg.project.predictions import open_prediction
    from napari_hyperseg.survey.segy.export import export_segy

    opened = Project.open(project)
    entry = opened.entry(survey)
    prediction = open_prediction(opened, entry.key, model)
    source = opened.open_survey(entry.key)
    by = f"napari-hyperseg model {prediction.model}"
    if facies is not None:
        export_segy(source, prediction.facies, facies, history=f"Facies codes, {by}")
        print(f"Wrote {facies}.")
    if confidence is not None:
        export_segy(source, prediction.confidence, confidence, history=f"Confidence in %, {by}")
        print(f"Wrote {confidence}.")
    if horizons is not None:
        names = boundary_names(entry, opened.legend, prediction.n_classes)
        written = export_horizons(prediction, names, source.geometry, horizons, str(horizon_format))
        for path in written:
            print(f"Wrote {path}.")
