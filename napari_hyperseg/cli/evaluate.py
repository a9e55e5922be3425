"""``hyperseg evaluate``: compare a prediction with the truth on lines without labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_hyperseg.cli.options import (
    AsJson,
    HorizonFiles,
    ModelId,
    ProjectFolder,
    SurveyKey,
    named_files,
)

if TYPE_CHECKING:
    from napari_hyperseg.project.evaluation import Evaluation


def evaluate(
    project: ProjectFolder,
    survey: SurveyKey = None,
    horizon: HorizonFiles = None,
    facies: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="True facies codes (.npy, .sgy), 0 = not known. Without: the intervals between "
            "the horizons.",
            show_default=False,
        ),
    ] = None,
    model: ModelId = None,
    as_json: AsJson = False,
) -> None:
    """Compare a prediction with true facies or horizons; lines that carry labels are left out.

    A line carries labels when more than half of its traces hold one.
    """
    files = named_files(horizon)
    if not files and facies is None:
        raise typer.BadParameter("give the truth: --horizon NAME=FILE (repeated) or --facies FILE.")

    from napari_hyperseg.cli.output import remark
    from napari_hyperseg.labels.lines import unlabelled_traces
    from napari_hyperseg.project.evaluation import Truth
    from napari_hyperseg.project.evaluation import evaluate as compare
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.predictions import open_prediction
    from napari_hyperseg.project.training_horizons import carrying_traces

    opened = Project.open(project)
    key = opened.entry(survey).key
    prediction = open_prediction(opened, key, model)
    geometry = opened.open_survey(key).geometry
    truth = Truth.read(facies, files, geometry, opened.legend.codes)
    traces = unlabelled_traces(carrying_traces(opened, key), geometry.live_mask)
    result = compare(prediction, truth, traces, geometry)
    if result.predicted < 1:
        remark(f"Only {result.predicted:.0%} of it is predicted yet; the rest counts as wrong.")
    _print(result, prediction.model, as_json)


def _print(result: Evaluation, model: str, as_json: bool) -> None:
    from napari_hyperseg.cli.output import figure, print_facts, print_json, print_table

    values = result.to_json()
    if as_json:
        print_json(values)
        return
    print_facts(
        {
            "model": model,
            "traces": str(result.traces),
            "pixel accuracy": figure(values["pixel_accuracy"]),
            "class accuracy": figure(values["class_accuracy"]),
            "mean IoU": figure(values["mean_iou"]),
            "frequency-weighted IoU": figure(values["fw_iou"]),
            "traces out of order": figure(values["order_violations"]),
        }
    )
    if result.horizons:
        columns = ("mae_samples", "mae_ms", "within_1", "within_3", "coverage")
        print_table(
            ("horizon", "MAE samples", "MAE ms", "within 1", "within 3", "coverage"),
            [
                (name, *(figure(scores[column]) for column in columns))
                for name, scores in values["horizons"].items()
            ],
        )
